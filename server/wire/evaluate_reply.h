// From core to bytes: core's results become a serialized EvaluateResponse. Nothing else knows how
// it looks on the wire.
#ifndef RECTIFIER_SERVER_WIRE_EVALUATE_REPLY_H_
#define RECTIFIER_SERVER_WIRE_EVALUATE_REPLY_H_

#include <vector>

#include "absl/types/span.h"
#include "core/engine.h"
#include "server/wire/reply.h"
#include "server/wire/request.h"

namespace rectifier {

// For each output of each job the destination that it goes to, or null.
using OutputDestinations = std::vector<std::vector<const Destination*>>;

// A part for each job, whose payload has the form that `forms` says.
std::vector<ReplyPart> LayOutEvaluateReply(absl::Span<const Job> jobs,
                                           absl::Span<const PayloadForm> forms,
                                           const OutputDestinations& destinations);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_WIRE_EVALUATE_REPLY_H_
