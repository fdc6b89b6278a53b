// Admission: a budget of payload bytes, of calls and of streams in progress. A call beyond it is
// turned away at once, with a time to wait, instead of queueing behind the work that fills it. The
// admission is closed for good when the server drains.
//
// The budget is shared out among connections, so that none of them is starved. Of seven eighths of
// each budget, a connection may have as much as it leaves to the others, and no more than a limit
// of its own: there is always something left for the next one, but less and less. (That is the
// dynamic threshold of A. K. Choudhury and E. L. Hahne, "Dynamic queue length thresholds for
// shared-memory packet switches", IEEE/ACM Transactions on Networking 6(2), 1998, with a factor of
// one.) The last eighth is for small calls, of at most a 64th of the budget, of connections that
// have no other. And where all others have no more than an eighth, a call is admitted wherever it
// fits, so that the largest one is not turned away for ever.
#ifndef RECTIFIER_SERVER_EVALUATE_ADMISSION_H_
#define RECTIFIER_SERVER_EVALUATE_ADMISSION_H_

#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <unordered_map>
#include <utility>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/telemetry/refusal.h"

namespace rectifier {

class Admission {
 public:
  enum class Kind { kCall, kStream };  // a stream is a call as well

  struct Budget {
    int64_t bytes = 0;
    int64_t calls = 0;
    int64_t streams = 0;
  };

 private:
  struct Share {
    uint64_t connection = 0;
    Budget held;
  };

 public:
  // A call's part of the budget, given back on destruction. The Admission must outlive it. A ticket
  // is not thread-safe, but for what says so; different ones are.
  class Ticket {
   public:
    Ticket() = default;
    Ticket(Ticket&& other) noexcept
        : admission_(std::exchange(other.admission_, nullptr)),
          share_(other.share_),
          bytes_(std::exchange(other.bytes_, 0)),
          kind_(other.kind_) {}
    Ticket& operator=(Ticket&& other) noexcept {
      std::swap(admission_, other.admission_);
      std::swap(share_, other.share_);
      std::swap(bytes_, other.bytes_);
      std::swap(kind_, other.kind_);
      return *this;
    }
    ~Ticket() {
      if (admission_ != nullptr) admission_->Release(*this);
    }

    int64_t bytes() const { return bytes_; }

    // Makes the bytes as many. Where too few are left it changes nothing, and gives what there is
    // too much of. Fewer bytes are always had.
    std::optional<Refusal> Resize(int64_t bytes);

    // The same, but where too few are left it calls `then` once there are enough: on another
    // thread, and maybe before this returns. Gives nothing where that may ever be.
    std::optional<Refusal> ResizeLater(int64_t bytes, std::function<void()> then);
    // Gives up waiting: false where `then` is called. Thread-safe.
    bool StopWaiting();

   private:
    friend class Admission;
    Ticket(Admission* admission, Share* share, Kind kind)
        : admission_(admission), share_(share), kind_(kind) {}

    Admission* admission_ = nullptr;
    Share* share_ = nullptr;
    int64_t bytes_ = 0;
    Kind kind_ = Kind::kCall;
  };

  // What all connections have together, and each at most.
  Admission(const Budget& total, const Budget& per_connection)
      : total_(total), per_connection_(per_connection) {}

  // A ticket for a call of `connection`, without bytes, or what there is too much of. It never
  // waits. Thread-safe.
  std::variant<Ticket, Refusal> Acquire(uint64_t connection, Kind kind);

  // From now on every call is refused. Thread-safe.
  void Close();
  bool is_closed() const;
  // Waits until every ticket is back, at most `timeout`. Gives the number of those that are not.
  int64_t WaitUntilIdle(absl::Duration timeout);

  // What is held now. Thread-safe.
  Budget held() const;
  // The most bytes that were held at a time since the last such question. Thread-safe.
  int64_t TakePeakBytes();

 private:
  struct Waiter {
    Ticket* ticket;
    int64_t bytes;
    std::function<void()> then;
  };

  // Whether `share` may have so much more, for a call that has some already or is about to have.
  std::optional<Refusal> Check(const Share& share, int64_t Budget::*what, int64_t has,
                               int64_t more) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Hold(Share& share, int64_t Budget::*what, int64_t more)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<Refusal> TryResize(Ticket& ticket, int64_t bytes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Release(Ticket& ticket);
  // Takes those out of the line that get what they wait for.
  std::list<Waiter> TakeServed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Budget total_;
  const Budget per_connection_;
  mutable absl::Mutex mutex_;
  Budget held_ ABSL_GUARDED_BY(mutex_);
  std::unordered_map<uint64_t, Share> shares_ ABSL_GUARDED_BY(mutex_);  // of those that have calls
  std::list<Waiter> waiters_ ABSL_GUARDED_BY(mutex_);
  int64_t peak_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_ADMISSION_H_
