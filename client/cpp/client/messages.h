// Between the client's types and the messages of rectifier.v1.
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_MESSAGES_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_MESSAGES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "client/cpp/client/client.h"
#include "client/cpp/client/evaluation_stream.h"
#include "rectifier/v1/activation.pb.h"

namespace rectifier::client {

// Tensors that share their bytes and shape are sent once. Those of an evaluation come in this
// order: inputs, upstream, arguments by name.
v1::EvaluateRequest ToRequest(absl::Span<const Evaluation> evaluations);

// Errors: INTERNAL where the response does not hold a result of sound tensors for each evaluation,
// or names a region that is no destination of that evaluation.
absl::StatusOr<std::vector<Result>> FromResponse(v1::EvaluateResponse response,
                                                 absl::Span<const Evaluation> evaluations);

// The first message of a stream.
v1::EvaluateStreamRequest ToRequest(const StreamedEvaluation& evaluation);

// Errors: INTERNAL where the response holds an unsound tensor.
absl::StatusOr<StreamedResult> FromResponse(v1::EvaluateStreamResponse response);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_MESSAGES_H_
