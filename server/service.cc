#include "server/service.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/evaluate/evaluate_handler.h"
#include "server/evaluate/evaluate_stream_handler.h"
#include "server/inference/infer_stream_handler.h"
#include "server/rpc/message_bytes.h"
#include "server/rpc/single_answer.h"
#include "server/service_name.h"
#include "server/wire/describe.h"

namespace rectifier {
namespace {

// So many calls of each method may arrive at once before gRPC has to keep one waiting.
constexpr int kAwaited = 16;

std::string PathOf(const char* method) { return absl::StrCat("/", kServiceName, "/", method); }

std::string InferencePathOf(const char* method) {
  return absl::StrCat("/", kInferenceServiceName, "/", method);
}

// Why no shared memory can be registered.
constexpr char kNoRegions[] =
    "whoever calls could have the memory of others read and written, so whose may be named is for "
    "its operator to say (--system_shared_memory_owners); tensors come in raw_input_contents, or "
    "without a copy in the shared buffers of rectifier.v1";

// What reflection lists.
std::vector<std::string> ServiceNames(const Service::Standard& standard) {
  std::vector<std::string> names = {"grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                                    "grpc.reflection.v1alpha.ServerReflection",
                                    kInferenceServiceName, kServiceName};
  if (standard.channelz) names.insert(names.begin(), "grpc.channelz.v1.Channelz");
  return names;
}

}  // namespace

Service::Service(const CallEnvironment& environment, const v1::GetServerInfoResponse& info,
                 const Standard& standard, const Access& access)
    : environment_(environment),
      access_(access),
      standard_(standard),
      activations_(ToBytes(DescribeCatalogue(environment.catalogue))),
      info_(ToBytes(info)),
      statistics_(environment.catalogue),
      infer_protocol_(InferReplyForm::kUnary, statistics_),
      infer_stream_protocol_(InferReplyForm::kStream, statistics_),
      health_(kServiceName),
      model_methods_(environment.catalogue, health_, statistics_),
      region_methods_(environment.regions),
      reflection_(ServiceNames(standard)),
      health_methods_(health_) {
  AddActivationMethods();
  AddInferenceMethods();
  if (standard_.reflection) AddReflectionMethods();
  AddUnknownMethods();
}

void Service::Register(grpc::ServerBuilder& builder) {
  health_methods_.Register(builder);
  builder.RegisterService(&raw_methods_);
  builder.RegisterAsyncGenericService(&unknown_methods_);
}

void Service::Await(CallQueue* queue) const {
  for (int i = 0; i < kAwaited; ++i) {
    for (const Call::Method& method : methods_) Call::Await(method, queue);
    health_methods_.Await(queue);
  }
}

void Service::Add(const std::string& name, std::function<void(Call*)> handle) {
  const int index = raw_methods_.Add(name);
  methods_.push_back({[this, index](auto... arguments) {
                        raw_methods_.RequestAsyncBidiStreaming(index, arguments...);
                      },
                      std::move(handle)});
}

void Service::AddRare(const std::string& name, std::function<void(Call*)> handle) {
  rare_methods_.emplace(name, std::move(handle));
}

absl::StatusOr<const Caller*> Service::Identify(Call* call, const char* method) const {
  return access_.Identify(*call->context(), method);
}

const Caller* Service::Admit(Call* call, const char* method, const MethodMetrics& metrics) const {
  const absl::StatusOr<const Caller*> caller = Identify(call, method);
  if (caller.ok()) return *caller;
  const grpc::Status answer = ToGrpcStatus(caller.status());
  CallScope(metrics, environment_.metrics.inflight_calls()).Close(answer.error_code());
  call->Finish(answer);
  return nullptr;
}

template <class Request>
void Service::AddConstant(const char* method, const MethodMetrics& metrics,
                          const grpc::ByteBuffer& reply) {
  Add(PathOf(method), [this, method, &metrics, &reply](Call* call) {
    if (Admit(call, method, metrics) == nullptr) return;
    auto scope = std::make_shared<CallScope>(metrics, environment_.metrics.inflight_calls());
    const auto respond = [scope, &reply](const grpc::ByteBuffer& bytes, grpc::ByteBuffer* answer) {
      scope->CountReceived();
      Request request;
      if (!Parse(bytes, &request)) {
        return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT,
                            absl::StrCat("the message is no ", request.GetTypeName()));
      }
      scope->CountSent();
      *answer = reply;
      return grpc::Status::OK;
    };
    AnswerOnce(call, respond, [scope](grpc::StatusCode code) { scope->Close(code); });
  });
}

void Service::AddActivationMethods() {
  const Metrics& metrics = environment_.metrics;
  Add(PathOf("Evaluate"), [this, &metrics](Call* call) {
    const Caller* caller = Admit(call, "Evaluate", metrics.evaluate());
    if (caller == nullptr) return;
    new EvaluateHandler(environment_, evaluate_protocol_, "Evaluate", metrics.evaluate(), call,
                        *caller);
  });
  Add(PathOf("EvaluateStream"), [this, &metrics](Call* call) {
    const Caller* caller = Admit(call, "EvaluateStream", metrics.evaluate_stream());
    if (caller != nullptr) new EvaluateStreamHandler(environment_, call, *caller);
  });
  AddConstant<v1::ListActivationsRequest>("ListActivations", metrics.list_activations(),
                                          activations_);
  AddConstant<v1::GetServerInfoRequest>("GetServerInfo", metrics.get_server_info(), info_);
}

void Service::AddReflectionMethods() {
  for (const char* version : {"v1", "v1alpha"}) {
    Add(absl::StrFormat("/grpc.reflection.%s.ServerReflection/ServerReflectionInfo", version),
        [this](Call* call) {
          const auto caller = Identify(call, "ServerReflectionInfo");
          if (!caller.ok()) return call->Finish(ToGrpcStatus(caller.status()));
          reflection_.Serve(call);
        });
  }
}

template <class Request, class Response>
void Service::AddModelMethod(InferenceMethod method) {
  AddInferenceMethod<Request, Response>(
      method, [this](const Request& request, const Caller& /*caller*/, Response* response) {
        return model_methods_.Answer(request, response);
      });
}

template <class Request, class Response>
void Service::AddRegionMethod(InferenceMethod method) {
  AddInferenceMethod<Request, Response>(
      method, [this](const Request& request, const Caller& caller, Response* response) {
        return region_methods_.Answer(request, caller.name(), response);
      });
}

template <class Request, class Response>
void Service::AddInferenceMethod(
    InferenceMethod method,
    std::function<absl::Status(const Request&, const Caller&, Response*)> answer_to) {
  AddRare(InferencePathOf(Name(method)), [this, method, answer_to](Call* call) {
    const MethodMetrics& metrics = environment_.metrics.inference(method);
    const Caller* caller = Admit(call, Name(method), metrics);
    if (caller == nullptr) return;
    auto scope = std::make_shared<CallScope>(metrics, environment_.metrics.inflight_calls());
    const auto respond = [answer_to, caller, scope](const grpc::ByteBuffer& bytes,
                                                    grpc::ByteBuffer* answer) {
      scope->CountReceived();
      Request request;
      if (!Parse(bytes, &request)) {
        return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT,
                            absl::StrCat("the message is no ", request.GetTypeName()));
      }
      Response response;
      const absl::Status status = answer_to(request, *caller, &response);
      if (!status.ok()) return ToGrpcStatus(status);
      *answer = ToBytes(response);
      scope->CountSent();
      return grpc::Status::OK;
    };
    AnswerOnce(call, respond, [scope](grpc::StatusCode code) { scope->Close(code); });
  });
}

void Service::AddUnimplemented(const char* method, const char* why) {
  AddRare(InferencePathOf(method), [this, method, why](Call* call) {
    environment_.metrics.CountUnknownMethod();
    call->Finish(grpc::Status(grpc::StatusCode::UNIMPLEMENTED,
                              absl::StrFormat("this server does not offer %s: %s", method, why)));
  });
}

void Service::AddInferenceMethods() {
  using Method = InferenceMethod;
  const Metrics& metrics = environment_.metrics;
  Add(InferencePathOf("ModelInfer"), [this, &metrics](Call* call) {
    const MethodMetrics& counted = metrics.inference(Method::kModelInfer);
    const Caller* caller = Admit(call, "ModelInfer", counted);
    if (caller == nullptr) return;
    new EvaluateHandler(environment_, infer_protocol_, "ModelInfer", counted, call, *caller);
  });
  Add(InferencePathOf("ModelStreamInfer"), [this, &metrics](Call* call) {
    const MethodMetrics& counted = metrics.inference(Method::kModelStreamInfer);
    const Caller* caller = Admit(call, "ModelStreamInfer", counted);
    if (caller == nullptr) return;
    new InferStreamHandler(environment_, infer_stream_protocol_, counted, call, *caller);
  });
#define RECTIFIER_ADD(name) \
  AddModelMethod<inference::name##Request, inference::name##Response>(Method::k##name)
  RECTIFIER_ADD(ServerLive);
  RECTIFIER_ADD(ServerReady);
  RECTIFIER_ADD(ModelReady);
  RECTIFIER_ADD(ServerMetadata);
  RECTIFIER_ADD(ModelMetadata);
  RECTIFIER_ADD(ModelConfig);
  RECTIFIER_ADD(ModelStatistics);
  RECTIFIER_ADD(RepositoryIndex);
  RECTIFIER_ADD(CudaSharedMemoryStatus);
  RECTIFIER_ADD(CudaSharedMemoryUnregister);
#undef RECTIFIER_ADD
#define RECTIFIER_ADD(name) \
  AddRegionMethod<inference::name##Request, inference::name##Response>(Method::k##name)
  RECTIFIER_ADD(SystemSharedMemoryStatus);
  RECTIFIER_ADD(SystemSharedMemoryUnregister);
  if (environment_.regions.is_on()) {
    RECTIFIER_ADD(SystemSharedMemoryRegister);
  } else {
    AddUnimplemented("SystemSharedMemoryRegister", kNoRegions);
  }
#undef RECTIFIER_ADD
  AddUnimplemented("CudaSharedMemoryRegister", "it computes on CPUs");
  AddUnimplemented("RepositoryModelLoad", "every model is there from the start");
  AddUnimplemented("RepositoryModelUnload", "every model is there for as long as it runs");
  AddUnimplemented("TraceSetting", "it keeps no traces");
  AddUnimplemented("LogSettings", "its flags set what it logs");
}

void Service::AnswerOther(Call* call) const {
  const auto rare = rare_methods_.find(call->context()->method());
  if (rare != rare_methods_.end()) return rare->second(call);
  environment_.metrics.CountUnknownMethod();
  call->Finish(
      grpc::Status(grpc::StatusCode::UNIMPLEMENTED,
                   absl::StrFormat("this server has no method %s", call->context()->method())));
}

void Service::AddUnknownMethods() {
  methods_.push_back({[this](auto... arguments) { unknown_methods_.RequestCall(arguments...); },
                      [this](Call* call) { AnswerOther(call); }});
}

}  // namespace rectifier
