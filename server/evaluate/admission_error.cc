#include "server/evaluate/admission_error.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "server/status.h"

namespace rectifier {
namespace {

// When a caller that met a full server should come back; and one that met a server about to go,
// whose successor needs a moment.
constexpr absl::Duration kRetryDelay = absl::Milliseconds(100);
constexpr absl::Duration kDrainRetryDelay = absl::Seconds(1);

constexpr char kRetryPushback[] = "grpc-retry-pushback-ms";

// The connection has too many of `what`; `limit` is zero where it has none of its own.
absl::Status OfConnection(const char* reason, const char* what, int64_t limit) {
  std::string most = absl::StrFormat("as many %s as it leaves to the others", what);
  if (limit > 0) most += absl::StrFormat(", and %d, this server's limit", limit);
  return RetryLater(absl::StatusCode::kResourceExhausted, reason,
                    absl::StrFormat("a connection may have at most %s, in progress", most),
                    kRetryDelay);
}

}  // namespace

absl::Status RefusalError(Refusal refusal, const Limits& limits) {
  switch (refusal) {
    case Refusal::kDraining:
      return RetryLater(absl::StatusCode::kUnavailable, "DRAINING", "the server is shutting down",
                        kDrainRetryDelay);
    case Refusal::kTooManyCalls:
      return RetryLater(absl::StatusCode::kResourceExhausted, "TOO_MANY_CALLS_IN_FLIGHT",
                        absl::StrFormat("%d calls are in progress, this server's limit",
                                        limits.max_inflight_calls),
                        kRetryDelay);
    case Refusal::kTooManyStreams:
      return RetryLater(
          absl::StatusCode::kResourceExhausted, "TOO_MANY_STREAMS",
          absl::StrFormat("%d streams are in progress, this server's limit", limits.max_streams),
          kRetryDelay);
    case Refusal::kTooManyCallsOfCaller:
      return RetryLater(absl::StatusCode::kResourceExhausted, "CALLER_HAS_TOO_MANY_CALLS",
                        "the calls of this caller's name that are in progress use up its quota",
                        kRetryDelay);
    case Refusal::kTooManyBytesOfCaller:
      return RetryLater(absl::StatusCode::kResourceExhausted, "CALLER_HAS_TOO_MANY_BYTES",
                        "the calls of this caller's name that are in progress leave too little of "
                        "the bytes of its quota",
                        kRetryDelay);
    case Refusal::kTooManyBytes:
      return RetryLater(absl::StatusCode::kResourceExhausted, "TOO_MANY_BYTES_IN_FLIGHT",
                        absl::StrFormat("the calls in progress leave too little of the %d bytes "
                                        "that this server allows",
                                        limits.max_inflight_bytes),
                        kRetryDelay);
    case Refusal::kTooManyCallsOfConnection:
      return OfConnection("TOO_MANY_CALLS_OF_CONNECTION", "calls",
                          limits.max_inflight_calls_per_connection);
    case Refusal::kQueue:
      return QueueError(absl::ZeroDuration());
    case Refusal::kTooManyStreamsOfConnection:
      return OfConnection("TOO_MANY_STREAMS_OF_CONNECTION", "streams",
                          limits.max_streams_per_connection);
    case Refusal::kTooManyBytesOfConnection:
      break;
  }
  return OfConnection("TOO_MANY_BYTES_OF_CONNECTION", "bytes",
                      limits.max_inflight_bytes_per_connection);
}

// By then those before it have been served.
absl::Status QueueError(absl::Duration wait) {
  return RetryLater(absl::StatusCode::kResourceExhausted, "QUEUE_TOO_LONG",
                    "the engine is busy with this connection's other calls for more than half of "
                    "the time until this one's deadline",
                    std::max(wait, kRetryDelay));
}

void AddRetryPushback(const absl::Status& status, grpc::ServerContextBase* context) {
  if (const std::optional<absl::Duration> delay = RetryDelay(status)) {
    context->AddTrailingMetadata(kRetryPushback,
                                 absl::StrFormat("%d", *delay / absl::Milliseconds(1)));
  }
}

}  // namespace rectifier
