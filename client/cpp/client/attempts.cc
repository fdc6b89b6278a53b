#include "client/cpp/client/attempts.h"

#include <algorithm>
#include <functional>
#include <stop_token>

#include "absl/synchronization/notification.h"
#include "client/cpp/client/error.h"

namespace rectifier::client {
namespace {

constexpr absl::Duration kLongestBackoff = absl::Seconds(2);

}  // namespace

bool Attempts::AwaitNext(const absl::Status& status) {
  if (made_ >= most_) return false;
  const std::optional<absl::Duration> delay = DelayAfter(status);
  if (!delay.has_value() || absl::Now() + *delay >= begin_ + options_.timeout) return false;
  ++made_;
  absl::Notification stopped;
  const std::stop_callback<std::function<void()>> on_stop(options_.stop, [&] { stopped.Notify(); });
  stopped.WaitForNotificationWithTimeout(*delay);
  return true;
}

std::optional<absl::Duration> Attempts::DelayAfter(const absl::Status& status) {
  const std::optional<absl::Duration> named = GetRetryDelay(status);
  const bool is_away = status.code() == absl::StatusCode::kUnavailable;
  const bool is_full = status.code() == absl::StatusCode::kResourceExhausted && named.has_value();
  if (!is_away && !is_full) return std::nullopt;
  if (named.has_value()) return named;
  const absl::Duration delay = backoff_;
  backoff_ = std::min(2 * backoff_, kLongestBackoff);
  return delay;
}

}  // namespace rectifier::client
