// What the server answers: which method's calls go where.
#ifndef RECTIFIER_SERVER_SERVICE_H_
#define RECTIFIER_SERVER_SERVICE_H_

#include <deque>
#include <functional>
#include <string>
#include <unordered_map>

#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/server_builder.h"
#include "rectifier/v1/activation.pb.h"
#include "server/evaluate/call_ledger.h"
#include "server/evaluate/evaluate_protocol.h"
#include "server/health.h"
#include "server/health_methods.h"
#include "server/inference/infer_protocol.h"
#include "server/inference/model_methods.h"
#include "server/inference/model_statistics.h"
#include "server/inference/region_methods.h"
#include "server/reflection.h"
#include "server/rpc/call.h"
#include "server/rpc/raw_methods.h"
#include "server/security/access.h"

namespace rectifier {

// rectifier.v1.ActivationService, inference.GRPCInferenceService, health, reflection where it is
// on, and an answer to calls of methods that do not exist, so that they are counted.
class Service {
 public:
  // What else there is, which tells callers about the server.
  struct Standard {
    bool reflection = true;
    bool channelz = true;  // gRPC's own; reflection knows of it
  };

  // Who may call is asked of `access`, which outlives this object; health is for everyone.
  Service(const CallEnvironment& environment, const v1::GetServerInfoResponse& info,
          const Standard& standard, const Access& access);

  // This is called before `builder` makes the server.
  void Register(grpc::ServerBuilder& builder);
  // Takes calls that come to `queue`, once there is a server and until it shuts down. This object
  // must outlive them.
  void Await(CallQueue* queue) const;

  Health& health() { return health_; }

 private:
  void AddActivationMethods();
  void AddInferenceMethods();
  void AddReflectionMethods();
  void AddUnknownMethods();
  void Add(const std::string& name, std::function<void(Call*)> handle);
  // A method whose calls come with those of methods that do not exist: it has no calls of its own
  // that wait, which take memory.
  void AddRare(const std::string& name, std::function<void(Call*)> handle);
  // A method of the Open Inference Protocol that ModelMethods answers.
  template <class Request, class Response>
  void AddModelMethod(InferenceMethod method);
  // One that RegionMethods answers.
  template <class Request, class Response>
  void AddRegionMethod(InferenceMethod method);
  // One that `answer`, of the message and the caller, answers.
  template <class Request, class Response>
  void AddInferenceMethod(
      InferenceMethod method,
      std::function<absl::Status(const Request&, const Caller&, Response*)> answer);
  // One that it has, and this server not, because of `why`. Both outlive this object.
  void AddUnimplemented(const char* method, const char* why);
  // What is answered to a call that gRPC knows no method of.
  void AnswerOther(Call* call) const;
  // A method that answers every `Request` with `reply`.
  template <class Request>
  void AddConstant(const char* method, const MethodMetrics& metrics, const grpc::ByteBuffer& reply);
  // Who makes the call. Errors: those of Access::Identify.
  absl::StatusOr<const Caller*> Identify(Call* call, const char* method) const;
  // The same. Null where they may not, and the call has been answered, and counted.
  const Caller* Admit(Call* call, const char* method, const MethodMetrics& metrics) const;

  const CallEnvironment environment_;
  const Access& access_;
  const Standard standard_;
  const grpc::ByteBuffer activations_;
  const grpc::ByteBuffer info_;
  const EvaluateProtocol evaluate_protocol_;
  ModelStatistics statistics_;
  const InferProtocol infer_protocol_;
  const InferProtocol infer_stream_protocol_;
  Health health_;
  const ModelMethods model_methods_;
  const RegionMethods region_methods_;
  const Reflection reflection_;

  HealthMethods health_methods_;
  RawMethods raw_methods_;
  grpc::AsyncGenericService unknown_methods_;
  std::deque<Call::Method> methods_;  // calls refer to them
  std::unordered_map<std::string, std::function<void(Call*)>> rare_methods_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SERVICE_H_
