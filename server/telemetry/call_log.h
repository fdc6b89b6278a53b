// The log of calls: those that failed or were slow, at a bounded rate.
#ifndef RECTIFIER_SERVER_TELEMETRY_CALL_LOG_H_
#define RECTIFIER_SERVER_TELEMETRY_CALL_LOG_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/server_context.h"
#include "server/telemetry/logging.h"

namespace rectifier {

class CallLog {
 public:
  // Calls that take `slow` or longer are logged even where they succeed.
  explicit CallLog(absl::Duration slow);

  // Logs the end of a call of `peer`, where it is worth a line, with the caller's name,
  // `x-request-id` and `traceparent`. `judged` decides whether it was slow, which for a stream is
  // the time per message. Defects of ours are always logged. Thread-safe.
  void Record(absl::string_view method, const grpc::ServerContextBase& context,
              absl::string_view peer, absl::string_view caller, const absl::Status& status,
              absl::Duration elapsed, absl::Duration judged);

 private:
  const absl::Duration slow_;
  LogLimiter limiter_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_CALL_LOG_H_
