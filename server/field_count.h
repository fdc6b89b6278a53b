// Counts the parts of a serialized EvaluateRequest before it is parsed, so that a few bytes on the
// wire cannot become many times as many in memory.
#ifndef RECTIFIER_SERVER_FIELD_COUNT_H_
#define RECTIFIER_SERVER_FIELD_COUNT_H_

#include "absl/status/status.h"
#include "google/protobuf/io/zero_copy_stream.h"
#include "server/limits.h"

namespace rectifier {

// Reads `stream` to its end; allocates nothing. Errors: INVALID_ARGUMENT, naming the field of
// which there are too many or the place where the bytes are no longer a protobuf message.
absl::Status CheckFieldCounts(google::protobuf::io::ZeroCopyInputStream* stream,
                              const Limits& limits);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_FIELD_COUNT_H_
