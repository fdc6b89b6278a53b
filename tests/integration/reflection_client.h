// Asks a server's reflection service, as grpcurl and its like do.
#ifndef RECTIFIER_TESTS_INTEGRATION_REFLECTION_CLIENT_H_
#define RECTIFIER_TESTS_INTEGRATION_REFLECTION_CLIENT_H_

#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"
#include "tests/support/raw_stream.h"

namespace rectifier::testing {

// One conversation. `version` is that of the service: "v1" or "v1alpha".
class ReflectionClient {
 public:
  ReflectionClient(const std::shared_ptr<grpc::Channel>& channel, const std::string& version);

  std::vector<std::string> ListServices();
  // Adds the file that holds `symbol`, and all that it imports, to `pool`. Gives whether the answer
  // had all of them.
  bool Describe(const std::string& symbol, google::protobuf::DescriptorPool* pool);

  // Sends bytes that may be no question, and gives the status that the call ends with where they
  // end it.
  grpc::Status SendBytes(const std::string& bytes);

 private:
  std::string Ask(const std::string& question);

  RawStream stream_;
};

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_INTEGRATION_REFLECTION_CLIENT_H_
