// The standard reflection service, by which tools such as grpcurl learn what the server serves and
// what its messages look like. It is ours because gRPC's own knows one version (v1alpha in 1.51,
// where tools ask for v1 first) and gives every caller a thread.
#ifndef RECTIFIER_SERVER_REFLECTION_H_
#define RECTIFIER_SERVER_REFLECTION_H_

#include <string>
#include <utility>
#include <vector>

#include "grpc/reflection/v1/reflection.pb.h"
#include "server/rpc/call.h"

namespace rectifier {

// Describes everything that protobuf's generated pool of this process holds, which google.rpc's
// details of errors belong to. Thread-safe.
class Reflection {
 public:
  // Lists `services`, by their full names.
  explicit Reflection(std::vector<std::string> services) : services_(std::move(services)) {}

  // Takes a call to its end, with an answer to each question. The messages of v1 and v1alpha are
  // the same, so calls of both may come here.
  void Serve(Call* call) const;

  // The answer to one question: a file with all that it imports, or an error that names what there
  // is not.
  grpc::reflection::v1::ServerReflectionResponse Answer(
      const grpc::reflection::v1::ServerReflectionRequest& question) const;

 private:
  class Conversation;

  const std::vector<std::string> services_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_REFLECTION_H_
