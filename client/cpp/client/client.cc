#include "client/cpp/client/client.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include "client/cpp/client/error.h"
#include "client/cpp/client/evaluation_stream.h"
#include "client/cpp/client/messages.h"

namespace rectifier::client {
namespace {

// Calls `method` of the stub and turns its outcome into a StatusOr.
template <class Request, class Response>
absl::StatusOr<Response> Call(v1::ActivationService::Stub& stub,
                              grpc::Status (v1::ActivationService::Stub::*method)(
                                  grpc::ClientContext*, const Request&, Response*),
                              const Request& request, const std::string& authorization,
                              const CallOptions& options) {
  grpc::ClientContext context;
  if (!authorization.empty()) context.AddMetadata("authorization", authorization);
  const absl::Time deadline = absl::Now() + options.timeout;
  if (options.timeout != absl::InfiniteDuration()) {
    context.set_deadline(absl::ToChronoTime(deadline));
  }
  // gRPC may answer a quick call in spite of a deadline that has just passed.
  if (absl::Now() >= deadline) {
    return FromGrpc({grpc::StatusCode::DEADLINE_EXCEEDED, "the deadline passed before the call"});
  }
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return FromGrpc(status);
  return response;
}

}  // namespace

Client::Client(const SecureChannel& way)
    : stub_(v1::ActivationService::NewStub(way.channel)), authorization_(way.authorization) {}

// Without files and tokens nothing can be wrong.
Client Client::Connect(const std::string& target) { return *Connect(target, Security()); }

absl::StatusOr<Client> Client::Connect(const std::string& target, const Security& security) {
  const absl::StatusOr<SecureChannel> way = OpenChannel(target, security);
  if (!way.ok()) return way.status();
  return Client(*way);
}

absl::StatusOr<Result> Client::Evaluate(const Evaluation& evaluation, const CallOptions& options) {
  absl::StatusOr<std::vector<Result>> results = EvaluateBatch({&evaluation, 1}, options);
  if (!results.ok()) return results.status();
  return std::move(results->front());
}

absl::StatusOr<std::vector<Result>> Client::EvaluateBatch(absl::Span<const Evaluation> evaluations,
                                                          const CallOptions& options) {
  absl::StatusOr<v1::EvaluateResponse> response =
      Call(*stub_, &v1::ActivationService::Stub::Evaluate, ToRequest(evaluations), authorization_,
           options);
  if (!response.ok()) return response.status();
  return FromResponse(std::move(*response), evaluations);
}

std::unique_ptr<EvaluationStream> Client::EvaluateStream(const StreamedEvaluation& evaluation,
                                                         const CallOptions& options) {
  return std::make_unique<EvaluationStream>(*stub_, evaluation, authorization_, options);
}

absl::StatusOr<v1::ListActivationsResponse> Client::ListActivations(const CallOptions& options) {
  return Call(*stub_, &v1::ActivationService::Stub::ListActivations, v1::ListActivationsRequest(),
              authorization_, options);
}

absl::StatusOr<v1::GetServerInfoResponse> Client::GetServerInfo(const CallOptions& options) {
  return Call(*stub_, &v1::ActivationService::Stub::GetServerInfo, v1::GetServerInfoRequest(),
              authorization_, options);
}

absl::StatusOr<SharedBuffers> Client::ConnectBuffers(const CallOptions& options) {
  const absl::StatusOr<v1::GetServerInfoResponse> info = GetServerInfo(options);
  if (!info.ok()) return info.status();
  if (info->buffers_socket().empty()) {
    return absl::FailedPreconditionError("the server offers no shared buffers");
  }
  return SharedBuffers::Connect(info->buffers_socket());
}

}  // namespace rectifier::client
