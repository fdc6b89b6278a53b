// Who makes a call, as the server knows them, and what their calls have in progress.
#ifndef RECTIFIER_SERVER_SECURITY_CALLER_H_
#define RECTIFIER_SERVER_SECURITY_CALLER_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

#include "prometheus/counter.h"
#include "server/security/token_file.h"

namespace rectifier {

// Everything is thread-safe. Callers exist as long as the server.
class Caller {
 public:
  Caller(std::string name, prometheus::Counter* calls) : name_(std::move(name)), calls_(calls) {}

  const std::string& name() const { return name_; }
  void CountCall() const { calls_->Increment(); }
  void set_quota(const CallerQuota& quota) {
    calls_in_progress_.limit = quota.max_calls;
    bytes_in_progress_.limit = quota.max_bytes;
  }

 private:
  friend class CallerShare;

  struct Budget {
    // Adds `amount` where it is negative or the limit allows it. What does not fit is never there,
    // not even for a moment in which it would keep others out.
    bool Take(int64_t amount) const {
      const int64_t most = limit.load(std::memory_order_relaxed);
      int64_t has = used.load();
      do {
        if (amount > 0 && amount > most - has) return false;
      } while (!used.compare_exchange_weak(has, has + amount));
      return true;
    }

    mutable std::atomic<int64_t> used = 0;
    std::atomic<int64_t> limit = std::numeric_limits<int64_t>::max();
  };

  const std::string name_;
  prometheus::Counter* const calls_;
  Budget calls_in_progress_;
  Budget bytes_in_progress_;
};

// What one call takes of its caller's quota, given back on destruction. It belongs to one thread at
// a time.
class CallerShare {
 public:
  explicit CallerShare(const Caller& caller) : caller_(caller) {}
  ~CallerShare() {
    caller_.calls_in_progress_.used.fetch_sub(calls_);
    caller_.bytes_in_progress_.used.fetch_sub(bytes_);
  }
  CallerShare(const CallerShare&) = delete;
  CallerShare& operator=(const CallerShare&) = delete;

  const Caller& caller() const { return caller_; }

  // These give false, and take nothing, where the quota does not allow it.
  bool TakeCall() { return Take(caller_.calls_in_progress_, 1, &calls_); }
  // Makes the share `bytes`.
  bool HoldBytes(int64_t bytes) {
    return Take(caller_.bytes_in_progress_, bytes - bytes_, &bytes_);
  }

 private:
  static bool Take(const Caller::Budget& budget, int64_t amount, int64_t* taken) {
    if (!budget.Take(amount)) return false;
    *taken += amount;
    return true;
  }

  const Caller& caller_;
  int64_t calls_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SECURITY_CALLER_H_
