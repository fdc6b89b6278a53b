#include "server/admission.h"

namespace rectifier {

Admission::Admission(int64_t max_bytes, int64_t max_calls)
    : max_bytes_(max_bytes), max_calls_(max_calls) {}

std::variant<Admission::Ticket, Admission::Refusal> Admission::Acquire(int64_t bytes) {
  absl::MutexLock lock(&mutex_);
  if (calls_ >= max_calls_) return Refusal::kTooManyCalls;
  if (bytes > max_bytes_ - bytes_) return Refusal::kTooManyBytes;
  bytes_ += bytes;
  ++calls_;
  return Ticket(this, bytes);
}

void Admission::Release(int64_t bytes) {
  absl::MutexLock lock(&mutex_);
  bytes_ -= bytes;
  --calls_;
}

}  // namespace rectifier
