// What the server says about a failed call, beyond code and message: the fields at fault, the
// reason for programs, and when to try again.
//
//   for (const FieldViolation& violation : GetFieldViolations(result.status())) {
//     std::cerr << violation.field << ": " << violation.description << "\n";
//   }
//   if (GetReason(result.status()) == "UNKNOWN_ACTIVATION") ...
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_ERROR_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_ERROR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace grpc {
class Status;
}

namespace rectifier::client {

struct FieldViolation {
  std::string field;        // evaluations[0].activation.arguments["beta"]
  std::string description;  // what was given, and what is allowed
};

// The fields of the request at fault; empty where the server named none.
std::vector<FieldViolation> GetFieldViolations(const absl::Status& status);

// UPPER_SNAKE_CASE, or "" where the server gave none.
std::string GetReason(const absl::Status& status);

// The index of the element of a tensor at fault, where the server named one.
std::optional<int64_t> GetElement(const absl::Status& status);

// How long to wait before the same call may succeed, where a retry makes sense.
std::optional<absl::Duration> GetRetryDelay(const absl::Status& status);

// The same code and message; each google.rpc detail becomes the payload of its type URL.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_ERROR_H_
