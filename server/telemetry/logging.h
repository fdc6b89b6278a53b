// Structured logs: one line per event on standard error, as text or JSON.
//
//   LogEvent(LogLevel::info, "serving", {{"threads", 4}, {"cpu_target", "AVX2"}});
//
// text: 2026-11-23T14:00:00.000Z info serving threads=4 cpu_target=AVX2
// JSON: {"time":"2026-11-23T14:00:00.000Z","level":"info","event":"serving","threads":4,...}
#ifndef RECTIFIER_SERVER_TELEMETRY_LOGGING_H_
#define RECTIFIER_SERVER_TELEMETRY_LOGGING_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "spdlog/common.h"

namespace rectifier {

enum class LogFormat { kText, kJson };
using LogLevel = spdlog::level::level_enum;
using LogFields = std::vector<std::pair<std::string, nlohmann::json>>;

// Sets format and least level of the process's log, and sends gRPC's and protobuf's own messages
// there, at a bounded rate. Lines are written by a thread of their own, and up to `queue_bytes` of
// them wait for it; those that find no room are dropped, and a line `log lines dropped` tells how
// many. It is called once, before other threads log.
void ConfigureLogging(LogFormat format, LogLevel least, size_t queue_bytes);

// Waits until all lines are written, at most `timeout`.
void FlushLog(absl::Duration timeout = absl::Seconds(1));

// Lines dropped so far.
int64_t DroppedLogLines();

// Never waits for whoever reads the log; but at level critical, after which the process ends, it
// waits for a second at most. Thread-safe. Fields keep their order; bytes that are not UTF-8 are
// replaced.
void LogEvent(LogLevel level, absl::string_view event, const LogFields& fields = {});

// One line of the log, without its end; for LogEvent and its test.
std::string FormatEvent(LogFormat format, absl::Time time, LogLevel level, absl::string_view event,
                        const LogFields& fields);

// Lets a burst through and then so many events a second, and counts those it held back.
// Thread-safe.
class LogLimiter {
 public:
  explicit LogLimiter(int events_per_second);

  // The number of events held back since the last one let through; nullopt where this one is to be
  // held back.
  std::optional<int64_t> Admit(absl::Time now);

 private:
  const int events_per_second_;
  absl::Mutex mutex_;
  absl::Time second_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  int admitted_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t held_back_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_LOGGING_H_
