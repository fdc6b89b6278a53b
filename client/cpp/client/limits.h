// What the server would refuse, found out before it is sent.
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_LIMITS_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_LIMITS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "client/cpp/client/client.h"
#include "rectifier/v1/activation.pb.h"

namespace rectifier::client {

// The bytes of the tensors that a message would carry, each once, or of the results that its reply
// would, whichever are more. A value is taken to be as large as the input.
uint64_t ExchangedBytes(absl::Span<const Evaluation> evaluations);

// INVALID_ARGUMENT, naming the largest tensor, where one message cannot carry the evaluations, or a
// tensor of them has too many elements for it.
absl::Status CheckMessage(absl::Span<const Evaluation> evaluations, const v1::Limits& limits);

// The same of the tensors among the arguments, which a stream has in its first message.
absl::Status CheckHeader(const Evaluation& evaluation, const v1::Limits& limits);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_LIMITS_H_
