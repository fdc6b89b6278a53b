// What requests and responses of all connections hold together.
#ifndef RECTIFIER_SERVER_HTTP_BYTE_BUDGET_H_
#define RECTIFIER_SERVER_HTTP_BYTE_BUDGET_H_

#include <cstddef>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "prometheus/gauge.h"

namespace rectifier::http {

// A connection has at most as much as it leaves to the others, so that none takes all. Thread-safe.
class ByteBudget {
 public:
  // What is held is shown in `gauge`, which outlives the budget.
  ByteBudget(size_t bytes, prometheus::Gauge* gauge) : bytes_(bytes), gauge_(gauge) {}

  size_t bytes() const { return bytes_; }

  // What one connection holds, given back on destruction. It belongs to one thread at a time.
  class Share {
   public:
    explicit Share(ByteBudget& budget) : budget_(budget) {}
    ~Share() { Resize(0); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    // Makes it `bytes`; false where there is not so much, and then it is as it was.
    bool Resize(size_t bytes);
    bool Grow(size_t more) { return Resize(held_ + more); }

   private:
    ByteBudget& budget_;
    size_t held_ = 0;
  };

 private:
  const size_t bytes_;
  prometheus::Gauge* const gauge_;
  absl::Mutex mutex_;
  size_t held_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_BYTE_BUDGET_H_
