#include "server/service.h"

#include "absl/strings/str_format.h"
#include "server/evaluate/evaluate_stream_handler.h"
#include "server/rpc/message_bytes.h"
#include "server/service_name.h"
#include "server/wire/describe.h"

namespace rectifier {
namespace {

using grpc::internal::RpcMethod;

// The type of every stream: where the caller sends one message alone, as in Watch, we read that
// one.
constexpr RpcMethod::RpcType kStream = RpcMethod::BIDI_STREAMING;

// So many calls of each method may arrive at once before gRPC has to keep one waiting.
constexpr int kAwaited = 16;

// What reflection lists.
std::vector<std::string> ServiceNames(const Service::Standard& standard) {
  std::vector<std::string> names = {"grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                                    "grpc.reflection.v1alpha.ServerReflection", kServiceName};
  if (standard.channelz) names.insert(names.begin(), "grpc.channelz.v1.Channelz");
  return names;
}

// Answers with what is known beforehand, because the request has no fields.
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

Service::RawMethods::RawMethods(std::initializer_list<std::pair<const char*, Type>> methods) {
  int index = 0;
  for (const auto& [name, type] : methods) {
    AddMethod(new grpc::internal::RpcServiceMethod(name, type, nullptr));
    MarkMethodRaw(index++);
  }
}

Service::Service(const CallEnvironment& environment, const v1::GetServerInfoResponse& info,
                 const Standard& standard)
    : environment_(environment),
      standard_(standard),
      activations_(ToBytes(DescribeCatalogue(environment.catalogue))),
      info_(ToBytes(info)),
      health_(kServiceName),
      reflection_(ServiceNames(standard)),
      health_methods_({{"/grpc.health.v1.Health/Check", RpcMethod::NORMAL_RPC},
                       {"/grpc.health.v1.Health/Watch", kStream}}),
      reflection_methods_(
          {{"/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", kStream},
           {"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", kStream}}) {
  AddActivationMethods();
  AddHealthMethods();
  if (standard_.reflection) AddReflectionMethods();
  AddUnknownMethods();
}

void Service::Register(grpc::ServerBuilder& builder) {
  builder.RegisterService(&activation_methods_);
  builder.RegisterService(&health_methods_);
  if (standard_.reflection) builder.RegisterService(&reflection_methods_);
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
       [this](UnaryCall* call) { (new EvaluateHandler(environment_, call))->Run(); }});
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
       [this](StreamCall* call) { new EvaluateStreamHandler(environment_, call); }});
}

void Service::AddHealthMethods() {
  constexpr int kCheck = 0;
  constexpr int kWatch = 1;
  unary_.push_back(
      {[this](auto... arguments) { health_methods_.RequestAsyncUnary(kCheck, arguments...); },
       [this](UnaryCall* call) { health_.Check(call); }});
  AddStream(health_methods_, kWatch, [this](StreamCall* call) { health_.Watch(call); });
}

void Service::AddReflectionMethods() {
  for (const int version : {0, 1}) {
    AddStream(reflection_methods_, version, [this](StreamCall* call) { reflection_.Serve(call); });
  }
}

void Service::AddStream(RawMethods& methods, int index, std::function<void(StreamCall*)> handle) {
  streams_.push_back({[&methods, index](auto... arguments) {
                        methods.RequestAsyncBidiStreaming(index, arguments...);
                      },
                      std::move(handle)});
}

void Service::AddUnknownMethods() {
  const Metrics& metrics = environment_.metrics;
  streams_.push_back({[this](auto... arguments) { unknown_methods_.RequestCall(arguments...); },
                      [&metrics](StreamCall* call) {
                        metrics.CountUnknownMethod();
                        call->Finish(grpc::Status(grpc::StatusCode::UNIMPLEMENTED,
                                                  absl::StrFormat("this server has no method %s",
                                                                  call->context()->method())));
                      }});
}

}  // namespace rectifier
