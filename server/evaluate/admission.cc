#include "server/evaluate/admission.h"

namespace rectifier {

Admission::Admission(int64_t max_bytes, int64_t max_calls, int64_t max_streams)
    : max_bytes_(max_bytes), max_calls_(max_calls), max_streams_(max_streams) {}

bool Admission::Ticket::Grow(int64_t bytes) {
  absl::MutexLock lock(&admission_->mutex_);
  if (bytes > admission_->max_bytes_ - admission_->bytes_) return false;
  admission_->bytes_ += bytes;
  bytes_ += bytes;
  return true;
}

std::variant<Admission::Ticket, Refusal> Admission::Acquire(int64_t bytes, bool is_stream) {
  absl::MutexLock lock(&mutex_);
  if (closed_) return Refusal::kDraining;
  if (calls_ >= max_calls_) return Refusal::kTooManyCalls;
  if (is_stream && streams_ >= max_streams_) return Refusal::kTooManyStreams;
  if (bytes > max_bytes_ - bytes_) return Refusal::kTooManyBytes;
  bytes_ += bytes;
  ++calls_;
  streams_ += is_stream;
  return Ticket(this, bytes, is_stream);
}

void Admission::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
}

int64_t Admission::WaitUntilIdle(absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  const auto is_idle = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return calls_ == 0; };
  mutex_.AwaitWithTimeout(absl::Condition(&is_idle), timeout);
  return calls_;
}

void Admission::Release(int64_t bytes, bool is_stream) {
  absl::MutexLock lock(&mutex_);
  bytes_ -= bytes;
  --calls_;
  streams_ -= is_stream;
}

}  // namespace rectifier
