// rectifier.v1.ActivationService: one short method per RPC.
#ifndef RECTIFIER_SERVER_SERVICE_H_
#define RECTIFIER_SERVER_SERVICE_H_

#include "grpcpp/generic/async_generic_service.h"
#include "server/evaluate_call.h"
#include "server/service_methods.h"

namespace rectifier {

class Service final : public ServiceMethods {
 public:
  Service(const CallEnvironment& environment, v1::GetServerInfoResponse info);

  grpc::ServerUnaryReactor* Evaluate(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* reply) override;
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* EvaluateStream(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* ListActivations(grpc::CallbackServerContext* context,
                                            const v1::ListActivationsRequest* request,
                                            v1::ListActivationsResponse* reply) override;
  grpc::ServerUnaryReactor* GetServerInfo(grpc::CallbackServerContext* context,
                                          const v1::GetServerInfoRequest* request,
                                          v1::GetServerInfoResponse* reply) override;

 private:
  const CallEnvironment environment_;
  const v1::ListActivationsResponse activations_;
  const v1::GetServerInfoResponse info_;
};

// Answers calls of methods that the server does not have, so that they are counted.
class UnknownMethods final : public grpc::CallbackGenericService {
 public:
  explicit UnknownMethods(const Metrics& metrics) : metrics_(metrics) {}

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

 private:
  const Metrics& metrics_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SERVICE_H_
