// Where the results of `rectifier eval` go.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_EVAL_OUTPUT_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_EVAL_OUTPUT_H_

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "client/cpp/files/evaluate_file.h"
#include "client/cpp/files/npy_file.h"

namespace rectifier::client {

inline constexpr absl::string_view kStandardStream = "-";

// A file that was written.
struct WrittenFile {
  std::string path;
  Tensor tensor;
};

// PATH of `-o PATH`:
//   ""                    memory alone
//   "-"                   standard output, in the format of the input
//   "out.npy", "out.csv"  that file where there is one result, else out.value.npy, ...; "out.txt"
//                         is text as "out.csv" is
//   "out"                 out.value.npy, out.gradient.npy, ...
class EvalOutput {
 public:
  EvalOutput(const std::string& path, bool has_one_result, FileFormat input_format);

  // The memory or file of the result with that name.
  absl::StatusOr<NpyOutput> Open(const std::string& name, ElementType type,
                                 const Shape& shape) const;

  // Puts all results where they belong; standard output is `out`. Gives the files written.
  absl::StatusOr<std::vector<WrittenFile>> Finish(std::vector<NamedOutput>& outputs,
                                                  std::ostream& out) const;

 private:
  enum class Place { kMemory, kStream, kFile };

  std::string PathOf(const std::string& name) const;

  Place place_ = Place::kFile;
  FileFormat format_ = FileFormat::kNpy;
  bool has_one_name_ = false;
  std::string stem_;
  std::string suffix_;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_EVAL_OUTPUT_H_
