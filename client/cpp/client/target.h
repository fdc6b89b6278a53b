// Where a server is: one target, or several of one service.
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_TARGET_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_TARGET_H_

#include <string>

#include "absl/status/statusor.h"

namespace rectifier::client {

// What the environment variable RECTIFIER_TARGET says, or else the unix socket on which a server
// listens by default.
std::string DefaultTarget();

// gRPC's name for `target`, which may be several addresses with commas between: all of IPv4 or all
// of IPv6, each with a port. A name may stand for several addresses by itself. Errors:
// INVALID_ARGUMENT for a list of anything else, or for nothing.
absl::StatusOr<std::string> GrpcTarget(const std::string& target);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_TARGET_H_
