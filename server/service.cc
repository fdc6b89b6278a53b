#include "server/service.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "server/describe.h"
#include "server/evaluate_stream_call.h"

namespace rectifier {
namespace {

grpc::ServerUnaryReactor* FinishOk(grpc::CallbackServerContext* context, CallScope* scope) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  scope->Close(grpc::StatusCode::OK);
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

class UnimplementedCall final : public grpc::ServerGenericBidiReactor {
 public:
  explicit UnimplementedCall(const std::string& method) {
    Finish(grpc::Status(grpc::StatusCode::UNIMPLEMENTED,
                        absl::StrFormat("this server has no method %s", method)));
  }
  void OnDone() override { delete this; }
};

}  // namespace

Service::Service(const CallEnvironment& environment, v1::GetServerInfoResponse info)
    : environment_(environment),
      activations_(DescribeCatalogue(environment.catalogue)),
      info_(std::move(info)) {}

grpc::ServerUnaryReactor* Service::Evaluate(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* reply) {
  auto* call = new EvaluateCall(environment_, context, request, reply);
  call->Run();
  return call;  // lives on: gRPC calls OnDone only after this method has returned
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Service::EvaluateStream(
    grpc::CallbackServerContext* context) {
  return new EvaluateStreamCall(environment_, context);
}

grpc::ServerUnaryReactor* Service::ListActivations(grpc::CallbackServerContext* context,
                                                   const v1::ListActivationsRequest*,
                                                   v1::ListActivationsResponse* reply) {
  CallScope scope(environment_.metrics.list_activations(), environment_.metrics.inflight_calls());
  *reply = activations_;
  return FinishOk(context, &scope);
}

grpc::ServerUnaryReactor* Service::GetServerInfo(grpc::CallbackServerContext* context,
                                                 const v1::GetServerInfoRequest*,
                                                 v1::GetServerInfoResponse* reply) {
  CallScope scope(environment_.metrics.get_server_info(), environment_.metrics.inflight_calls());
  *reply = info_;
  return FinishOk(context, &scope);
}

grpc::ServerGenericBidiReactor* UnknownMethods::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  CallScope scope(metrics_.other(), metrics_.inflight_calls());
  scope.Close(grpc::StatusCode::UNIMPLEMENTED);
  return new UnimplementedCall(context->method());
}

}  // namespace rectifier
