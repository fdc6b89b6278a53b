// What the server answers: which method's calls go where.
#ifndef RECTIFIER_SERVER_SERVICE_H_
#define RECTIFIER_SERVER_SERVICE_H_

#include <functional>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/server_builder.h"
#include "rectifier/v1/activation.grpc.pb.h"
#include "server/evaluate/evaluate_handler.h"
#include "server/health.h"
#include "server/reflection.h"
#include "server/rpc/stream_call.h"
#include "server/rpc/unary_call.h"

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
  using ActivationMethods = v1::ActivationService::WithRawMethod_Evaluate<
      v1::ActivationService::WithRawMethod_EvaluateStream<
          v1::ActivationService::WithRawMethod_ListActivations<
              v1::ActivationService::WithRawMethod_GetServerInfo<v1::ActivationService::Service>>>>;

  // Methods served as bytes, each by its index here, as generated code would do it.
  struct RawMethods final : public grpc::Service {
    using Type = grpc::internal::RpcMethod::RpcType;
    RawMethods(std::initializer_list<std::pair<const char*, Type>> methods);
    using grpc::Service::RequestAsyncBidiStreaming;
    using grpc::Service::RequestAsyncUnary;
  };

  void AddActivationMethods();
  void AddHealthMethods();
  void AddReflectionMethods();
  void AddStream(RawMethods& methods, int index, std::function<void(StreamCall*)> handle);
  void AddUnknownMethods();

  const CallEnvironment environment_;
  const Standard standard_;
  const grpc::ByteBuffer activations_;
  const grpc::ByteBuffer info_;
  Health health_;
  const Reflection reflection_;

  ActivationMethods activation_methods_;
  RawMethods health_methods_;
  RawMethods reflection_methods_;
  grpc::AsyncGenericService unknown_methods_;
  std::vector<UnaryCall::Method> unary_;
  std::vector<StreamCall::Method> streams_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SERVICE_H_
