// Errors at the edge: from absl::Status to gRPC's, with google.rpc details (status.proto).
#ifndef RECTIFIER_SERVER_STATUS_H_
#define RECTIFIER_SERVER_STATUS_H_

#include <array>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/support/status.h"

namespace rectifier {

// An error with a reason for programs (ErrorInfo), UPPER_SNAKE. Errors of a field of the request
// are core/field_error.h's.
absl::Status ErrorWithReason(absl::StatusCode code, absl::string_view reason,
                             const std::string& message);

// The same, for a call that may succeed when it is made again after `delay` (RetryInfo).
absl::Status RetryLater(absl::StatusCode code, absl::string_view reason, const std::string& message,
                        absl::Duration delay);

// RESOURCE_EXHAUSTED with such a delay: there is no memory for `what`.
absl::Status OutOfMemory(absl::string_view what = "the call");

// When to make the call again, where `status` says so.
std::optional<absl::Duration> RetryDelay(const absl::Status& status);

// What the caller is told: the message, and details in `grpc-status-details-bin`. Codes that the
// API does not promise are defects of ours: they become INTERNAL, without the message.
grpc::Status ToGrpcStatus(const absl::Status& error);

// The code of that, without the work of its details.
grpc::StatusCode GrpcCode(const absl::Status& error);

// Every code that ToGrpcStatus gives: those that the API promises, and INTERNAL.
inline constexpr std::array<grpc::StatusCode, 10> kServedCodes = {
    grpc::StatusCode::OK,
    grpc::StatusCode::CANCELLED,
    grpc::StatusCode::INVALID_ARGUMENT,
    grpc::StatusCode::DEADLINE_EXCEEDED,
    grpc::StatusCode::NOT_FOUND,
    grpc::StatusCode::PERMISSION_DENIED,
    grpc::StatusCode::RESOURCE_EXHAUSTED,
    grpc::StatusCode::INTERNAL,
    grpc::StatusCode::UNAVAILABLE,
    grpc::StatusCode::UNAUTHENTICATED};

// The name that Prometheus dashboards know the code by: "OK", "InvalidArgument", "Canceled".
absl::string_view CodeName(grpc::StatusCode code);
inline constexpr int kStatusCodes = 17;  // grpc::OK to grpc::UNAUTHENTICATED

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_STATUS_H_
