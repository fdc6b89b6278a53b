// Evaluations on their way to the server, by which way is best for their size.
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_EVALUATE_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_EVALUATE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "client/cpp/client/client.h"
#include "client/cpp/client/server_connection.h"

namespace rectifier::client {

// Whether they go in one message as they are, without asking the server for its limits.
bool FitOneMessage(absl::Span<const Evaluation> evaluations, const CallOptions& options);

// The results, in the order of the evaluations. Errors: those of Client::EvaluateBatch.
absl::StatusOr<std::vector<Result>> Evaluate(ServerConnection& connection,
                                             absl::Span<const Evaluation> evaluations,
                                             const CallOptions& options);

// The ways.
absl::StatusOr<std::vector<Result>> EvaluateInMessage(ServerConnection& connection,
                                                      absl::Span<const Evaluation> evaluations,
                                                      const CallOptions& options);
// The same, whose call has one attempt.
absl::StatusOr<std::vector<Result>> EvaluateInMessageOnce(ServerConnection& connection,
                                                          absl::Span<const Evaluation> evaluations,
                                                          const CallOptions& options);
absl::StatusOr<Result> EvaluateInStream(ServerConnection& connection, const Evaluation& evaluation,
                                        const v1::Limits& limits, const CallOptions& options);
// Errors: also FAILED_PRECONDITION where this way is not open to the evaluation, but another is.
absl::StatusOr<Result> EvaluateInBuffers(ServerConnection& connection, const Evaluation& evaluation,
                                         const v1::GetServerInfoResponse& info,
                                         const CallOptions& options);

// What makes the call in one message: one that computes in place is not tried again.
v1::ActivationService::Stub& StubFor(ServerConnection& connection,
                                     absl::Span<const Evaluation> evaluations);

// From an answer in one message to results.
absl::StatusOr<std::vector<Result>> TakeResults(v1::EvaluateResponse response,
                                                absl::Span<const Evaluation> evaluations);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_EVALUATE_H_
