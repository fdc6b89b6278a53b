#include "absl/time/clock.h"
#include "client/cpp/client/evaluate.h"
#include "client/cpp/client/messages.h"
#include "client/cpp/client/result_memory.h"

namespace rectifier::client {

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
  const v1::EvaluateRequest request = ToRequest(evaluations);
  v1::EvaluateResponse response;
  const std::unique_ptr<CallScope> call = connection.NewCall(options);
  const absl::Status status =
      call->Run([&] { return connection.stub().Evaluate(&call->context(), request, &response); });
  if (!status.ok()) return status;
  return TakeResults(std::move(response), evaluations);
}

}  // namespace rectifier::client
