// What a caller is told whose message is not there.
#ifndef RECTIFIER_SERVER_RPC_READ_ERROR_H_
#define RECTIFIER_SERVER_RPC_READ_ERROR_H_

#include "absl/status/status.h"
#include "server/rpc/call.h"

namespace rectifier {

// For a call that must have one message. gRPC itself answers one that is too large.
absl::Status ReadError(ReadEnd end);

absl::Status CallerGone();

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_READ_ERROR_H_
