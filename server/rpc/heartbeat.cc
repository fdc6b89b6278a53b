#include "server/rpc/heartbeat.h"

#include <algorithm>

#include "grpc/support/time.h"

namespace rectifier {
namespace {

constexpr std::chrono::seconds kPeriod(1);

}  // namespace

absl::Duration Heartbeats::lag() const {
  const absl::MutexLock lock(&mutex_);
  absl::Duration worst;
  for (const Heartbeat* const beat : beats_) worst = std::max(worst, beat->lag());
  return worst;
}

Heartbeat::Heartbeat(Heartbeats& all, grpc::CompletionQueue* queue) : all_(all), queue_(queue) {
  const absl::MutexLock lock(&all_.mutex_);
  all_.beats_.insert(this);
}

Heartbeat::~Heartbeat() {
  const absl::MutexLock lock(&all_.mutex_);
  all_.beats_.erase(this);
}

void Heartbeat::Start() {
  const absl::MutexLock lock(&mutex_);
  is_going_ = true;
  SetNext();
}

void Heartbeat::Stop() {
  const absl::MutexLock lock(&mutex_);
  if (!is_going_) return;
  is_going_ = false;
  alarm_.Cancel();
}

absl::Duration Heartbeat::lag() const {
  const absl::MutexLock lock(&mutex_);
  if (!is_going_) return absl::ZeroDuration();
  return std::max(last_, absl::FromChrono(Clock::now() - due_));
}

void Heartbeat::OnBeat(bool /*ok*/) {
  const absl::MutexLock lock(&mutex_);
  if (!is_going_) return;
  last_ = std::max(absl::FromChrono(Clock::now() - due_), absl::ZeroDuration());
  SetNext();
}

// The clock is one that nobody sets.
void Heartbeat::SetNext() {
  due_ = Clock::now() + kPeriod;
  const gpr_timespec deadline = gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                                             gpr_time_from_seconds(kPeriod.count(), GPR_TIMESPAN));
  alarm_.Set(queue_, deadline, &beat_);
}

}  // namespace rectifier
