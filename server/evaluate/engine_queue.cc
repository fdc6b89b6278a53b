#include "server/evaluate/engine_queue.h"

#include <algorithm>

#include "core/turns.h"

namespace rectifier {
namespace {

constexpr double kLongSeconds = 1e-3;
constexpr double kSliceSeconds = 1e-9 * static_cast<double>(kSliceNanoseconds);

// What is new counts for so much of a mean.
constexpr double kWeight = 1.0 / 8;

void Blend(double& mean, double seen) { mean = mean == 0 ? seen : mean + kWeight * (seen - mean); }

}  // namespace

// Zero where nothing is known: nobody is turned away then.
double EngineQueue::Wait(const Calls& calls, int64_t work) const {
  const double own = calls.seconds_per_work * static_cast<double>(work);
  const double each = std::min(calls.seconds, std::max(own, kSliceSeconds));
  const double callers_per_thread = static_cast<double>(calls_.size()) / threads_;
  return static_cast<double>(calls.count - calls.abandoned) * each * callers_per_thread;
}

// The other half is for what is not known beforehand, such as who comes next at other connections.
std::optional<absl::Duration> EngineQueue::Enter(uint64_t connection, int64_t work,
                                                 Clock::time_point deadline) {
  const absl::MutexLock lock(&mutex_);
  Calls& calls = calls_[connection];
  if (calls.count > calls.abandoned && deadline != Clock::time_point::max()) {
    const std::chrono::duration<double> left = deadline - Clock::now();
    const double wait = Wait(calls, work);
    if (wait > left.count() / 2) return absl::Seconds(wait);
  }
  ++calls.count;
  return std::nullopt;
}

bool EngineQueue::IsLong(uint64_t connection, int64_t work) {
  const absl::MutexLock lock(&mutex_);
  const auto calls = calls_.find(connection);
  return calls != calls_.end() &&
         calls->second.seconds_per_work * static_cast<double>(work) > kLongSeconds;
}

void EngineQueue::Abandon(uint64_t connection) {
  const absl::MutexLock lock(&mutex_);
  ++calls_.at(connection).abandoned;
}

void EngineQueue::Leave(uint64_t connection, const End& end) {
  const absl::MutexLock lock(&mutex_);
  const auto found = calls_.find(connection);
  Calls& calls = found->second;
  // Who has given up would have taken longer.
  const double seconds = absl::ToDoubleSeconds(end.served);
  if (end.has_succeeded || seconds > calls.seconds) {
    Blend(calls.seconds, seconds);
    if (end.work > 0) Blend(calls.seconds_per_work, seconds / static_cast<double>(end.work));
  }
  --calls.count;
  if (end.was_abandoned) --calls.abandoned;
  ForgetIfIdle(found);
}

void EngineQueue::EnterWindow(uint64_t connection) {
  const absl::MutexLock lock(&mutex_);
  ++calls_[connection].windows;
}

void EngineQueue::LeaveWindow(uint64_t connection) {
  const absl::MutexLock lock(&mutex_);
  const auto found = calls_.find(connection);
  --found->second.windows;
  ForgetIfIdle(found);
}

void EngineQueue::ForgetIfIdle(CallsByConnection::iterator calls) {
  if (calls->second.count == 0 && calls->second.windows == 0) calls_.erase(calls);
}

int64_t EngineQueue::size() const {
  const absl::MutexLock lock(&mutex_);
  int64_t size = 0;
  for (const auto& [connection, calls] : calls_) size += calls.count + calls.windows;
  return size;
}

}  // namespace rectifier
