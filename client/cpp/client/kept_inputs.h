// Tensors of a batch that goes in several calls, as the caller has given them.
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_KEPT_INPUTS_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_KEPT_INPUTS_H_

#include <vector>

#include "absl/types/span.h"
#include "client/cpp/client/client.h"

namespace rectifier::client {

// The evaluations, of which each reads what it would in one call: tensors are copied that lie where
// results of an earlier one go.
std::vector<Evaluation> KeepInputs(absl::Span<const Evaluation> evaluations);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_KEPT_INPUTS_H_
