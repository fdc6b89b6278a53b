// The vectors that every client runs (tests/conformance/vectors/README.md), as the C++ client's
// words.
#ifndef RECTIFIER_TESTS_CLIENT_CPP_VECTORS_VECTORS_H_
#define RECTIFIER_TESTS_CLIENT_CPP_VECTORS_VECTORS_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/cpp/client/client.h"
#include "nlohmann/json.hpp"
#include "tests/support/rectifierd_process.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::client {

std::string FromHex(const std::string& hex);

// A case as evaluations; what it says in another way is no part of this.
std::vector<Evaluation> ToEvaluations(const nlohmann::json& vector);

// One line for each difference between results and what the vector expects of them.
std::vector<std::string> Differences(const std::vector<Result>& results,
                                     const nlohmann::json& expected);

// The same of an error.
std::vector<std::string> Differences(const absl::Status& status, nlohmann::json expected);

// The names of the files.
std::vector<std::string> VectorFiles();
nlohmann::json ReadVectors(const std::string& file);

// The server that a file is for.
class VectorServer {
 public:
  explicit VectorServer(const nlohmann::json& file);

  const std::string& target() const { return process_->unix_target(); }

 private:
  testing::TemporaryDirectory directory_;
  std::unique_ptr<testing::RectifierdProcess> process_;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_TESTS_CLIENT_CPP_VECTORS_VECTORS_H_
