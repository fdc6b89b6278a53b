// rectifierd --probe: is a server ready? For container health checks, which have no other client.
#ifndef RECTIFIER_SERVER_PROBE_H_
#define RECTIFIER_SERVER_PROBE_H_

#include <string>

#include "absl/status/status.h"
#include "server/security_options.h"

namespace rectifier {

// Asks the standard health service at `target` about rectifier.v1.ActivationService, over TLS where
// `security` has authorities and the target is one of TCP that is not its health_listen. OK where
// it says SERVING. Errors: UNAVAILABLE, with what it said or why it could not be asked;
// INVALID_ARGUMENT where a file of `security` cannot be read.
absl::Status Probe(const std::string& target, const SecurityOptions& security);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_PROBE_H_
