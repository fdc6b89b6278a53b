#include "server/rpc/read_error.h"

#include "server/status.h"

namespace rectifier {

absl::Status ReadError(ReadEnd end) {
  if (end == ReadEnd::kTooLate) {
    return ErrorWithReason(absl::StatusCode::kDeadlineExceeded, "RECEIVE_TIMEOUT",
                           "the message has not arrived within this server's limit, "
                           "--receive_timeout");
  }
  return ErrorWithReason(absl::StatusCode::kInvalidArgument, "MESSAGE_EXPECTED",
                         "the call ends before its message");
}

absl::Status CallerGone() { return absl::CancelledError("the caller has gone"); }

}  // namespace rectifier
