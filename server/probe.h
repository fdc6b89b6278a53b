// rectifierd --probe: is a server ready? For container health checks, which have no other client.
#ifndef RECTIFIER_SERVER_PROBE_H_
#define RECTIFIER_SERVER_PROBE_H_

#include <string>

#include "absl/status/status.h"

namespace rectifier {

// Asks the standard health service at `target` about rectifier.v1.ActivationService. OK where it
// says SERVING. Errors: UNAVAILABLE, with what it said or why it could not be asked.
absl::Status Probe(const std::string& target);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_PROBE_H_
