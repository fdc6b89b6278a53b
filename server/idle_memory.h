// Gives memory back to the system that has not been used for a while.
#ifndef RECTIFIER_SERVER_IDLE_MEMORY_H_
#define RECTIFIER_SERVER_IDLE_MEMORY_H_

#include <array>
#include <cstdint>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "prometheus/counter.h"
#include "server/evaluate/admission.h"
#include "server/wire/reply_pool.h"

namespace rectifier {

// A thread that looks a few times in every `time` at what calls held at most since it looked last,
// and at what malloc and the pool of replies have beside. What is far more than calls have had for
// so long is released, so that a steady load keeps its pages and pays nothing.
class IdleMemory {
 public:
  // What is given outlives it; `releases` counts. A `time` of zero is for ever.
  IdleMemory(absl::Duration time, Admission& admission, ReplyPool& replies,
             prometheus::Counter* releases);
  ~IdleMemory();
  IdleMemory(const IdleMemory&) = delete;
  IdleMemory& operator=(const IdleMemory&) = delete;

 private:
  static constexpr size_t kLooks = 3;

  void Run(absl::Duration period);
  void Look();

  Admission& admission_;
  ReplyPool& replies_;
  prometheus::Counter* const releases_;
  std::array<int64_t, kLooks> peaks_ = {};  // of bytes that calls held, between looks
  size_t looks_ = 0;
  absl::Mutex mutex_;
  bool is_over_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_IDLE_MEMORY_H_
