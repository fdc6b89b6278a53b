// The tensors of an evaluation through a stream: sent side by side, while results come.
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_STREAM_EXCHANGE_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_STREAM_EXCHANGE_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "client/cpp/client/client.h"
#include "client/cpp/client/evaluation_stream.h"

namespace rectifier::client {

// The header of the stream for `whole`, whose tensors are sent as `type`.
StreamedEvaluation ToStreamed(const Evaluation& whole, ElementType type);

// INVALID_ARGUMENT where the inputs' shapes differ, or a type is not `type`, unless tensors
// `are_converted` to that.
absl::Status CheckForStream(const Evaluation& whole, ElementType type, bool are_converted);

// Sends the tensors of `whole` as `type`, in messages of up to `chunk_bytes`, and hands each result
// to `take`, whose error ends the stream. Errors: those of the stream and of `take`.
absl::Status Exchange(EvaluationStream& stream, const Evaluation& whole, ElementType type,
                      int64_t chunk_bytes,
                      absl::FunctionRef<absl::Status(const StreamedResult&)> take);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_STREAM_EXCHANGE_H_
