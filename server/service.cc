#include "server/service.h"

#include "absl/strings/str_format.h"
#include "server/describe.h"
#include "server/evaluate_stream_call.h"
#include "server/message_bytes.h"

namespace rectifier {
namespace {

// Calls of each method that may arrive at once before gRPC has to keep one waiting.
constexpr int kAwaited = 16;

// Answers with what is known beforehand. The request has no fields.
template <class Request>
void Answer(UnaryCall* call, const grpc::ByteBuffer& reply, CallScope scope) {
  Request request;
  const grpc::Status status = Parse(call->request(), &request)
                                  ? grpc::Status::OK
                                  : grpc::Status(grpc::StatusCode::INVALID_ARGUMENT,
                                                 "the message is no " + request.GetTypeName());
  scope.CountReceived();
  if (status.ok()) scope.CountSent();
  scope.Close(status.error_code());
  call->Finish(reply, status);
}

}  // namespace

Service::HealthMethods::HealthMethods() {
  using grpc::internal::RpcMethod;
  const auto add = [this](const char* name, RpcMethod::RpcType type) {
    AddMethod(new grpc::internal::RpcServiceMethod(name, type, nullptr));
  };
  add("/grpc.health.v1.Health/Check", RpcMethod::NORMAL_RPC);
  add("/grpc.health.v1.Health/Watch", RpcMethod::BIDI_STREAMING);  // so that we read the request
  MarkMethodRaw(kCheck);
  MarkMethodRaw(kWatch);
}

Service::Service(const CallEnvironment& environment, const v1::GetServerInfoResponse& info)
    : environment_(environment),
      activations_(ToBytes(DescribeCatalogue(environment.catalogue))),
      info_(ToBytes(info)),
      health_(kServiceName) {
  AddActivationMethods();
  AddHealthMethods();
  AddUnknownMethods();
}

void Service::Register(grpc::ServerBuilder& builder) {
  builder.RegisterService(&activation_methods_);
  builder.RegisterService(&health_methods_);
  builder.RegisterAsyncGenericService(&unknown_methods_);
}

void Service::Await(CallQueue* queue) const {
  for (int i = 0; i < kAwaited; ++i) {
    for (const UnaryCall::Method& method : unary_) UnaryCall::Await(method, queue);
    for (const StreamCall::Method& method : streams_) StreamCall::Await(method, queue);
  }
}

void Service::AddActivationMethods() {
  const Metrics& metrics = environment_.metrics;
  unary_.push_back(
      {[this](auto... arguments) { activation_methods_.RequestEvaluate(arguments...); },
       [this](UnaryCall* call) { (new EvaluateCall(environment_, call))->Run(); }});
  unary_.push_back(
      {[this](auto... arguments) { activation_methods_.RequestListActivations(arguments...); },
       [this, &metrics](UnaryCall* call) {
         Answer<v1::ListActivationsRequest>(
             call, activations_, CallScope(metrics.list_activations(), metrics.inflight_calls()));
       }});
  unary_.push_back(
      {[this](auto... arguments) { activation_methods_.RequestGetServerInfo(arguments...); },
       [this, &metrics](UnaryCall* call) {
         Answer<v1::GetServerInfoRequest>(
             call, info_, CallScope(metrics.get_server_info(), metrics.inflight_calls()));
       }});
  streams_.push_back(
      {[this](auto... arguments) { activation_methods_.RequestEvaluateStream(arguments...); },
       [this](StreamCall* call) { new EvaluateStreamCall(environment_, call); }});
}

void Service::AddHealthMethods() {
  unary_.push_back({[this](auto... arguments) {
                      health_methods_.RequestAsyncUnary(HealthMethods::kCheck, arguments...);
                    },
                    [this](UnaryCall* call) { health_.Check(call); }});
  streams_.push_back({[this](auto... arguments) {
                        health_methods_.RequestAsyncBidiStreaming(HealthMethods::kWatch,
                                                                  arguments...);
                      },
                      [this](StreamCall* call) { health_.Watch(call); }});
}

void Service::AddUnknownMethods() {
  const Metrics& metrics = environment_.metrics;
  streams_.push_back({[this](auto... arguments) { unknown_methods_.RequestCall(arguments...); },
                      [&metrics](StreamCall* call) {
                        CallScope scope(metrics.other(), metrics.inflight_calls());
                        scope.Close(grpc::StatusCode::UNIMPLEMENTED);
                        call->Finish(grpc::Status(grpc::StatusCode::UNIMPLEMENTED,
                                                  absl::StrFormat("this server has no method %s",
                                                                  call->context()->method())));
                      }});
}

}  // namespace rectifier
