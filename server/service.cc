#include "server/service.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/evaluate/evaluate_handler.h"
#include "server/evaluate/evaluate_stream_handler.h"
#include "server/rpc/message_bytes.h"
#include "server/rpc/single_answer.h"
#include "server/service_name.h"
#include "server/wire/describe.h"

namespace rectifier {
namespace {

// So many calls of each method may arrive at once before gRPC has to keep one waiting.
constexpr int kAwaited = 16;

std::string PathOf(const char* method) { return absl::StrCat("/", kServiceName, "/", method); }

// What reflection lists.
std::vector<std::string> ServiceNames(const Service::Standard& standard) {
  std::vector<std::string> names = {"grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                                    "grpc.reflection.v1alpha.ServerReflection", kServiceName};
  if (standard.channelz) names.insert(names.begin(), "grpc.channelz.v1.Channelz");
  return names;
}

}  // namespace

int Service::RawMethods::Add(const std::string& name) {
  // gRPC keeps the pointer, and deletes the method with the service.
  names_.push_back(name);
  AddMethod(new grpc::internal::RpcServiceMethod(
      names_.back().c_str(), grpc::internal::RpcMethod::BIDI_STREAMING, nullptr));
  const int index = static_cast<int>(names_.size()) - 1;
  MarkMethodRaw(index);
  return index;
}

Service::Service(const CallEnvironment& environment, const v1::GetServerInfoResponse& info,
                 const Standard& standard)
    : environment_(environment),
      standard_(standard),
      activations_(ToBytes(DescribeCatalogue(environment.catalogue))),
      info_(ToBytes(info)),
      health_(kServiceName),
      reflection_(ServiceNames(standard)) {
  AddActivationMethods();
  AddHealthMethods();
  if (standard_.reflection) AddReflectionMethods();
  AddUnknownMethods();
}

void Service::Register(grpc::ServerBuilder& builder) {
  builder.RegisterService(&raw_methods_);
  builder.RegisterAsyncGenericService(&unknown_methods_);
}

void Service::Await(CallQueue* queue) const {
  for (int i = 0; i < kAwaited; ++i) {
    for (const Call::Method& method : methods_) Call::Await(method, queue);
  }
}

void Service::Add(const std::string& name, std::function<void(Call*)> handle) {
  const int index = raw_methods_.Add(name);
  methods_.push_back({[this, index](auto... arguments) {
                        raw_methods_.RequestAsyncBidiStreaming(index, arguments...);
                      },
                      std::move(handle)});
}

template <class Request>
void Service::AddConstant(const std::string& name, const MethodMetrics& metrics,
                          const grpc::ByteBuffer& reply) {
  Add(name, [this, &metrics, &reply](Call* call) {
    auto scope = std::make_shared<CallScope>(metrics, environment_.metrics.inflight_calls());
    AnswerOnce(call, [scope, &reply](const grpc::ByteBuffer& bytes, grpc::ByteBuffer* answer) {
      scope->CountReceived();
      Request request;
      grpc::Status status;
      if (Parse(bytes, &request)) {
        scope->CountSent();
        *answer = reply;
      } else {
        status = grpc::Status(grpc::StatusCode::INVALID_ARGUMENT,
                              "the message is no " + request.GetTypeName());
      }
      scope->Close(status.error_code());
      return status;
    });
  });
}

void Service::AddActivationMethods() {
  const Metrics& metrics = environment_.metrics;
  Add(PathOf("Evaluate"), [this](Call* call) { new EvaluateHandler(environment_, call); });
  Add(PathOf("EvaluateStream"),
      [this](Call* call) { new EvaluateStreamHandler(environment_, call); });
  AddConstant<v1::ListActivationsRequest>(PathOf("ListActivations"), metrics.list_activations(),
                                          activations_);
  AddConstant<v1::GetServerInfoRequest>(PathOf("GetServerInfo"), metrics.get_server_info(), info_);
}

void Service::AddHealthMethods() {
  Add("/grpc.health.v1.Health/Check", [this](Call* call) {
    AnswerOnce(call, [this](const grpc::ByteBuffer& request, grpc::ByteBuffer* reply) {
      return health_.Check(request, reply);
    });
  });
  Add("/grpc.health.v1.Health/Watch", [this](Call* call) { health_.Watch(call); });
}

void Service::AddReflectionMethods() {
  for (const char* version : {"v1", "v1alpha"}) {
    Add(absl::StrFormat("/grpc.reflection.%s.ServerReflection/ServerReflectionInfo", version),
        [this](Call* call) { reflection_.Serve(call); });
  }
}

void Service::AddUnknownMethods() {
  const Metrics& metrics = environment_.metrics;
  methods_.push_back({[this](auto... arguments) { unknown_methods_.RequestCall(arguments...); },
                      [&metrics](Call* call) {
                        metrics.CountUnknownMethod();
                        call->Finish(grpc::Status(grpc::StatusCode::UNIMPLEMENTED,
                                                  absl::StrFormat("this server has no method %s",
                                                                  call->context()->method())));
                      }});
}

}  // namespace rectifier
