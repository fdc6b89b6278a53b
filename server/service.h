// What the server answers: which method's calls go where.
#ifndef RECTIFIER_SERVER_SERVICE_H_
#define RECTIFIER_SERVER_SERVICE_H_

#include <deque>
#include <functional>
#include <string>

#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/server_builder.h"
#include "rectifier/v1/activation.pb.h"
#include "server/evaluate/call_ledger.h"
#include "server/health.h"
#include "server/reflection.h"
#include "server/rpc/call.h"

namespace rectifier {

// rectifier.v1.ActivationService, health, reflection where it is on, and an answer to calls of
// methods that do not exist, so that they are counted.
class Service {
 public:
  // What else there is, which tells callers about the server.
  struct Standard {
    bool reflection = true;
    bool channelz = true;  // gRPC's own; reflection knows of it
  };

  Service(const CallEnvironment& environment, const v1::GetServerInfoResponse& info,
          const Standard& standard);

  // This is called before `builder` makes the server.
  void Register(grpc::ServerBuilder& builder);
  // Takes calls that come to `queue`, once there is a server and until it shuts down. This object
  // must outlive them.
  void Await(CallQueue* queue) const;

  Health& health() { return health_; }

 private:
  // Methods served as bytes, each by its index here, as generated code would do it. gRPC takes all
  // of them for streams, because it would read the message of a unary call before it tells of the
  // call.
  struct RawMethods final : public grpc::Service {
    // `name` is "/package.Service/Method". Gives the method's index.
    int Add(const std::string& name);
    using grpc::Service::RequestAsyncBidiStreaming;

   private:
    std::deque<std::string> names_;
  };

  void AddActivationMethods();
  void AddHealthMethods();
  void AddReflectionMethods();
  void AddUnknownMethods();
  void Add(const std::string& name, std::function<void(Call*)> handle);
  // A method that answers every `Request` with `reply`.
  template <class Request>
  void AddConstant(const std::string& name, const MethodMetrics& metrics,
                   const grpc::ByteBuffer& reply);

  const CallEnvironment environment_;
  const Standard standard_;
  const grpc::ByteBuffer activations_;
  const grpc::ByteBuffer info_;
  Health health_;
  const Reflection reflection_;

  RawMethods raw_methods_;
  grpc::AsyncGenericService unknown_methods_;
  std::deque<Call::Method> methods_;  // calls refer to them
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SERVICE_H_
