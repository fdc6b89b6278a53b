// A connection from this process to its own gRPC server, for the calls of one connection of HTTP:
// so whatever holds for calls and connections of gRPC (admission, shares, tokens, limits, metrics,
// logs) holds for these, and no call is a special case.
#ifndef RECTIFIER_SERVER_HTTP_INNER_CONNECTION_H_
#define RECTIFIER_SERVER_HTTP_INNER_CONNECTION_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "grpcpp/generic/generic_stub.h"
#include "server/http/message.h"
#include "server/posix/file_descriptor.h"
#include "server/rpc/call_queue.h"
#include "server/telemetry/origin.h"

namespace rectifier::http {

// Gives the server's end of a connection to gRPC.
using Entrance = std::function<void(FileDescriptor)>;

using Metadata = std::vector<std::pair<std::string, std::string>>;

// A call under way.
class InnerCall {
 public:
  virtual ~InnerCall() = default;
  // Thread-safe. The call ends all the same, with an outcome.
  virtual void Cancel() = 0;
};

class InnerConnection {
 public:
  // Null where descriptors have run out. `queue`, on whose thread calls end, outlives the calls.
  static std::unique_ptr<InnerConnection> Open(const Entrance& entrance, Origin origin,
                                               CallQueue& queue);

  // Makes the call; `done` is called once, on the queue's thread.
  std::shared_ptr<InnerCall> Call(const ServerCall& call, const Metadata& metadata,
                                  std::function<void(Outcome)> done);

 private:
  InnerConnection(const std::shared_ptr<grpc::Channel>& channel, Origin origin, CallQueue& queue)
      : stub_(channel), origin_(std::move(origin)), queue_(queue) {}

  grpc::GenericStub stub_;
  const Origin origin_;
  CallQueue& queue_;
};

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_INNER_CONNECTION_H_
