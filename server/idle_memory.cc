#include "server/idle_memory.h"

#include <algorithm>

#include "server/posix/allocator.h"

namespace rectifier {
namespace {

// Less is not worth the pages that come again.
constexpr int64_t kWorthwhile = int64_t{64} << 20;

}  // namespace

IdleMemory::IdleMemory(absl::Duration time, Admission& admission, ReplyPool& replies,
                       prometheus::Counter* releases)
    : admission_(admission), replies_(replies), releases_(releases) {
  if (time > absl::ZeroDuration()) thread_ = std::thread([this, time] { Run(time / kLooks); });
}

IdleMemory::~IdleMemory() {
  {
    const absl::MutexLock lock(&mutex_);
    is_over_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void IdleMemory::Run(absl::Duration period) {
  absl::MutexLock lock(&mutex_);
  while (!mutex_.AwaitWithTimeout(absl::Condition(&is_over_), period)) Look();
}

// What calls had at most is in use again soon, and malloc loses some between.
void IdleMemory::Look() {
  peaks_[looks_++ % kLooks] = admission_.TakePeakBytes();
  if (looks_ < kLooks) return;
  const int64_t needed = 2 * *std::max_element(peaks_.begin(), peaks_.end());
  const auto free = static_cast<int64_t>(FreeHeapBytes() + replies_.idle_bytes());
  if (free - needed < kWorthwhile) return;
  replies_.ReleaseIdle();
  ReleaseFreeHeap();
  releases_->Increment();
}

}  // namespace rectifier
