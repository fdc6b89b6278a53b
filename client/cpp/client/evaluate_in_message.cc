#include <algorithm>

#include "client/cpp/client/evaluate.h"
#include "client/cpp/client/messages.h"
#include "client/cpp/client/result_memory.h"

namespace rectifier::client {
namespace {

// Whether a result takes the place of an input or of the upstream.
bool IsInPlace(const Evaluation& evaluation) {
  return std::any_of(
      evaluation.destinations.begin(), evaluation.destinations.end(), [&](const Destination& to) {
        const auto is_there = [&to](const Tensor& tensor) {
          return tensor.region().has_value() && tensor.region()->token == to.region.token &&
                 tensor.region()->offset == to.region.offset;
        };
        return std::any_of(evaluation.inputs.begin(), evaluation.inputs.end(), is_there) ||
               (evaluation.upstream.has_value() && is_there(*evaluation.upstream));
      });
}

absl::StatusOr<std::vector<Result>> EvaluateBy(v1::ActivationService::Stub& stub,
                                               ServerConnection& connection,
                                               absl::Span<const Evaluation> evaluations,
                                               const CallOptions& options) {
  const v1::EvaluateRequest request = ToRequest(evaluations);
  v1::EvaluateResponse response;
  const std::unique_ptr<CallScope> call = connection.NewCall(options);
  const absl::Status status =
      call->Run([&] { return stub.Evaluate(&call->context(), request, &response); });
  if (!status.ok()) return status;
  return TakeResults(std::move(response), evaluations);
}

}  // namespace

v1::ActivationService::Stub& StubFor(ServerConnection& connection,
                                     absl::Span<const Evaluation> evaluations) {
  const bool is_in_place = std::any_of(evaluations.begin(), evaluations.end(), IsInPlace);
  return is_in_place ? connection.stub_without_retries() : connection.stub();
}

absl::StatusOr<std::vector<Result>> TakeResults(v1::EvaluateResponse response,
                                                absl::Span<const Evaluation> evaluations) {
  absl::StatusOr<std::vector<Result>> results = FromResponse(std::move(response), evaluations);
  if (!results.ok()) return results;
  for (size_t i = 0; i < evaluations.size(); ++i) {
    absl::Status status = MoveToMemory(evaluations[i], (*results)[i]);
    if (!status.ok()) return status;
  }
  return results;
}

absl::StatusOr<std::vector<Result>> EvaluateInMessage(ServerConnection& connection,
                                                      absl::Span<const Evaluation> evaluations,
                                                      const CallOptions& options) {
  return EvaluateBy(StubFor(connection, evaluations), connection, evaluations, options);
}

absl::StatusOr<std::vector<Result>> EvaluateInMessageOnce(ServerConnection& connection,
                                                          absl::Span<const Evaluation> evaluations,
                                                          const CallOptions& options) {
  return EvaluateBy(connection.stub_without_retries(), connection, evaluations, options);
}

}  // namespace rectifier::client
