#include "server/rpc/call_watch.h"

#include <algorithm>

#include "absl/time/clock.h"

namespace rectifier {
namespace {

// A limit is kept to an eighth of it.
absl::Duration TickFor(const PeerTimeouts& timeouts) {
  const absl::Duration shortest = std::min({timeouts.receive, timeouts.idle, timeouts.send});
  return std::clamp(shortest / 8, absl::Milliseconds(10), absl::Seconds(1));
}

}  // namespace

CallWatch::CallWatch(const PeerTimeouts& timeouts, const Metrics& metrics)
    : metrics_(metrics),
      tick_(TickFor(timeouts)),
      receive_ticks_(Ticks(timeouts.receive)),
      idle_ticks_(Ticks(timeouts.idle)),
      send_ticks_(Ticks(timeouts.send)),
      thread_([this] { Run(); }) {}

CallWatch::~CallWatch() {
  {
    const absl::MutexLock lock(&mutex_);
    is_over_ = true;
  }
  thread_.join();
}

// The tick that has begun is not a whole one.
uint64_t CallWatch::Ticks(absl::Duration time) const {
  return static_cast<uint64_t>(absl::ToInt64Nanoseconds(time) / absl::ToInt64Nanoseconds(tick_)) +
         1;
}

void CallWatch::Add(WatchedCall* call) {
  const absl::MutexLock lock(&mutex_);
  calls_.insert(call);
}

void CallWatch::Remove(WatchedCall* call) {
  const absl::MutexLock lock(&mutex_);
  calls_.erase(call);
}

void CallWatch::BeginRead(WatchedCall* call, Patience patience) const {
  call->patience_.store(patience, std::memory_order_relaxed);
  const std::atomic<uint64_t>& ticks = patience == Patience::kStream ? idle_ticks_ : receive_ticks_;
  call->read_until_.store(Later(ticks), std::memory_order_release);
}

void CallWatch::BeginWrite(WatchedCall* call) const {
  call->write_until_.store(Later(send_ticks_), std::memory_order_release);
}

void CallWatch::Hasten(absl::Duration time) {
  const absl::MutexLock lock(&mutex_);
  const uint64_t most = Ticks(time);
  for (std::atomic<uint64_t>* const ticks : {&receive_ticks_, &idle_ticks_, &send_ticks_}) {
    *ticks = std::min(ticks->load(), most);
  }
  const uint64_t until = now_.load() + most;
  for (WatchedCall* const call : calls_) {
    for (std::atomic<uint64_t>* const mark : {&call->read_until_, &call->write_until_}) {
      uint64_t given = mark->load();
      while (given > until && !mark->compare_exchange_weak(given, until)) {
      }
    }
  }
}

uint64_t CallWatch::Later(const std::atomic<uint64_t>& ticks) const {
  return now_.load(std::memory_order_relaxed) + ticks.load(std::memory_order_relaxed);
}

// To give up a call takes longer than to look at it, and there may be thousands that are late: so
// calls that come meanwhile wait for one of them at most. A call that is gone by its turn is left
// out; where a new one is in its place, that is looked at instead.
void CallWatch::Run() {
  for (;;) {
    uint64_t now;
    std::vector<WatchedCall*> late;
    {
      const absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&is_over_), tick_)) return;
      now = now_.fetch_add(1, std::memory_order_relaxed) + 1;
      late = FindLate(now);
    }
    for (WatchedCall* const call : late) {
      const absl::MutexLock lock(&mutex_);
      if (calls_.contains(call)) GiveUp(call, now);
    }
  }
}

std::vector<WatchedCall*> CallWatch::FindLate(uint64_t now) const {
  std::vector<WatchedCall*> late;
  for (WatchedCall* const call : calls_) {
    for (const std::atomic<uint64_t>* const mark : {&call->read_until_, &call->write_until_}) {
      if (!WatchedCall::IsLate(mark->load(std::memory_order_relaxed), now)) continue;
      late.push_back(call);
      break;
    }
  }
  return late;
}

// A call cannot go while the mutex is held. What it was found to wait for may be over by the time
// it is given up: whoever takes the mark away tells the end.
void CallWatch::GiveUp(WatchedCall* call, uint64_t now) const {
  constexpr uint64_t kNever = WatchedCall::kNever;
  uint64_t until = call->write_until_.load(std::memory_order_acquire);
  if (WatchedCall::IsLate(until, now) &&
      call->write_until_.compare_exchange_strong(until, kNever)) {
    metrics_.CountTimeout(Timeout::kSend);
    call->EndWriteLate();
  }
  const Patience patience = call->patience_.load(std::memory_order_relaxed);
  until = call->read_until_.load(std::memory_order_acquire);
  if (WatchedCall::IsLate(until, now) && call->read_until_.compare_exchange_strong(until, kNever)) {
    metrics_.CountTimeout(patience == Patience::kStream ? Timeout::kIdle : Timeout::kReceive);
    call->EndReadLate();
  }
}

}  // namespace rectifier
