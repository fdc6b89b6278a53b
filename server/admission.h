// Admission: a budget of payload bytes and of calls in progress. Past it a call is turned away at
// once, with a time to wait, instead of queueing behind the work that fills it. Closed for good
// when the server drains.
#ifndef RECTIFIER_SERVER_ADMISSION_H_
#define RECTIFIER_SERVER_ADMISSION_H_

#include <cstdint>
#include <utility>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace rectifier {

class Admission {
 public:
  // A call's share of the budget, given back on destruction. The Admission must outlive it.
  class Ticket {
   public:
    Ticket() = default;
    Ticket(Ticket&& other) noexcept
        : admission_(std::exchange(other.admission_, nullptr)),
          bytes_(std::exchange(other.bytes_, 0)) {}
    Ticket& operator=(Ticket&& other) noexcept {
      std::swap(admission_, other.admission_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    ~Ticket() {
      if (admission_ != nullptr) admission_->Release(bytes_);
    }

    int64_t bytes() const { return bytes_; }

   private:
    friend class Admission;
    Ticket(Admission* admission, int64_t bytes) : admission_(admission), bytes_(bytes) {}

    Admission* admission_ = nullptr;
    int64_t bytes_ = 0;
  };

  enum class Refusal { kDraining, kTooManyCalls, kTooManyBytes };

  Admission(int64_t max_bytes, int64_t max_calls);

  // A share of `bytes` and of one call, or what there is too much of. Never waits. Thread-safe.
  std::variant<Ticket, Refusal> Acquire(int64_t bytes);

  // From now on every call is refused.
  void Close();
  // Waits until every ticket is back, at most `timeout`; the number of those that are not.
  int64_t WaitUntilIdle(absl::Duration timeout);

 private:
  void Release(int64_t bytes);

  const int64_t max_bytes_;
  const int64_t max_calls_;
  absl::Mutex mutex_;
  int64_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_ADMISSION_H_
