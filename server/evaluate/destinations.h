// Which result goes to which destination, and whether their memory may be written to.
#ifndef RECTIFIER_SERVER_EVALUATE_DESTINATIONS_H_
#define RECTIFIER_SERVER_EVALUATE_DESTINATIONS_H_

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/engine.h"
#include "server/wire/evaluate_reply.h"

namespace rectifier {

// Pairs the destinations of `request` with the outputs of the jobs that its evaluations were bound
// to. Errors: INVALID_ARGUMENT, with the path of the destination at fault: one that names no
// output, the same as another or one of another size, or whose region overlaps another destination
// or a tensor of the request. It may be exactly the input or upstream of its own evaluation, where
// that has the output's size and no other evaluation reads it: the result is then computed in
// place.
absl::StatusOr<OutputDestinations> MatchDestinations(absl::Span<const Job> jobs,
                                                     const DecodedRequest& request);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_DESTINATIONS_H_
