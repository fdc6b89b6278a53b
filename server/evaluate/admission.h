// Admission: a budget of payload bytes, of calls and of streams in progress. A call beyond it is
// turned away at once, with a time to wait, instead of queueing behind the work that fills it. The
// admission is closed for good when the server drains.
#ifndef RECTIFIER_SERVER_EVALUATE_ADMISSION_H_
#define RECTIFIER_SERVER_EVALUATE_ADMISSION_H_

#include <cstdint>
#include <limits>
#include <utility>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/telemetry/refusal.h"

namespace rectifier {

class Admission {
 public:
  // A call's share of the budget, given back on destruction. The Admission must outlive it.
  class Ticket {
   public:
    Ticket() = default;
    Ticket(Ticket&& other) noexcept
        : admission_(std::exchange(other.admission_, nullptr)),
          bytes_(std::exchange(other.bytes_, 0)),
          is_stream_(other.is_stream_) {}
    Ticket& operator=(Ticket&& other) noexcept {
      std::swap(admission_, other.admission_);
      std::swap(bytes_, other.bytes_);
      std::swap(is_stream_, other.is_stream_);
      return *this;
    }
    ~Ticket() {
      if (admission_ != nullptr) admission_->Release(bytes_, is_stream_);
    }

    int64_t bytes() const { return bytes_; }

    // Adds to the share. Where too little is left it adds nothing, and gives false.
    bool Grow(int64_t bytes);

   private:
    friend class Admission;
    Ticket(Admission* admission, int64_t bytes, bool is_stream)
        : admission_(admission), bytes_(bytes), is_stream_(is_stream) {}

    Admission* admission_ = nullptr;
    int64_t bytes_ = 0;
    bool is_stream_ = false;
  };

  Admission(int64_t max_bytes, int64_t max_calls,
            int64_t max_streams = std::numeric_limits<int64_t>::max());

  // A share of `bytes` and of one call, or what there is too much of. It never waits. Thread-safe.
  std::variant<Ticket, Refusal> Acquire(int64_t bytes) { return Acquire(bytes, false); }
  // The same for a stream, which is a call as well.
  std::variant<Ticket, Refusal> AcquireStream(int64_t bytes) { return Acquire(bytes, true); }

  // From now on every call is refused.
  void Close();
  // Waits until every ticket is back, at most `timeout`. Gives the number of those that are not.
  int64_t WaitUntilIdle(absl::Duration timeout);

 private:
  std::variant<Ticket, Refusal> Acquire(int64_t bytes, bool is_stream);
  void Release(int64_t bytes, bool is_stream);

  const int64_t max_bytes_;
  const int64_t max_calls_;
  const int64_t max_streams_;
  absl::Mutex mutex_;
  int64_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t streams_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_ADMISSION_H_
