// What the server answers: which method's calls go where.
#ifndef RECTIFIER_SERVER_SERVICE_H_
#define RECTIFIER_SERVER_SERVICE_H_

#include <string>
#include <vector>

#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/server_builder.h"
#include "rectifier/v1/activation.grpc.pb.h"
#include "server/evaluate_call.h"
#include "server/health.h"
#include "server/stream_call.h"
#include "server/unary_call.h"

namespace rectifier {

inline constexpr char kServiceName[] = "rectifier.v1.ActivationService";

// rectifier.v1.ActivationService, grpc.health.v1.Health, and a word for calls of methods that there
// are not, so that they are counted.
class Service {
 public:
  Service(const CallEnvironment& environment, const v1::GetServerInfoResponse& info);

  // Before `builder` makes the server.
  void Register(grpc::ServerBuilder& builder);
  // Once there is a server: takes calls that come to `queue`, until the server shuts down. This
  // object must outlive them.
  void Await(CallQueue* queue) const;

  Health& health() { return health_; }

 private:
  using ActivationMethods = v1::ActivationService::WithRawMethod_Evaluate<
      v1::ActivationService::WithRawMethod_EvaluateStream<
          v1::ActivationService::WithRawMethod_ListActivations<
              v1::ActivationService::WithRawMethod_GetServerInfo<v1::ActivationService::Service>>>>;

  // As generated code would be.
  struct HealthMethods final : public grpc::Service {
    HealthMethods();
    enum { kCheck, kWatch };
    using grpc::Service::RequestAsyncBidiStreaming;
    using grpc::Service::RequestAsyncUnary;
  };

  void AddActivationMethods();
  void AddHealthMethods();
  void AddUnknownMethods();

  const CallEnvironment environment_;
  const grpc::ByteBuffer activations_;
  const grpc::ByteBuffer info_;
  Health health_;

  ActivationMethods activation_methods_;
  HealthMethods health_methods_;
  grpc::AsyncGenericService unknown_methods_;
  std::vector<UnaryCall::Method> unary_;
  std::vector<StreamCall::Method> streams_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SERVICE_H_
