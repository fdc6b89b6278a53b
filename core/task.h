// Work on its way through a Scheduler: who has claimed which chunk, and how it ends.
#ifndef RECTIFIER_CORE_TASK_H_
#define RECTIFIER_CORE_TASK_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "absl/status/status.h"
#include "core/engine.h"
#include "core/turns.h"
#include "core/work.h"

namespace rectifier {

// Keeps the first error of several threads.
class FirstError {
 public:
  bool is_set() const { return is_set_.load(std::memory_order_relaxed); }
  void Set(absl::Status status);
  absl::Status status() const;

 private:
  std::atomic<bool> is_set_ = false;
  mutable std::mutex mutex_;
  absl::Status status_;
};

class Task : public TurnTaker {
 public:
  using Clock = std::chrono::steady_clock;

  // It begins with a step of its own, whose one chunk does nothing: so that what a window needs
  // before its first chunk is done by a thread of the scheduler, too.
  Task(CallerId caller, std::unique_ptr<Work> work, StopCondition stop, Engine::Done done);

  // Whether there are chunks that no thread has claimed. Thread-safe.
  bool has_chunks() const { return unclaimed_.load(std::memory_order_acquire) > 0; }

  enum class Claim { kNothing, kChunk, kLastChunk };
  // Runs a chunk, if there is one. Whoever hears that it was the last of its step to end calls
  // NextStep. Thread-safe.
  Claim RunChunk();

  // The chunks of the next step; 0 where there is none, because all is done or something failed:
  // Finish must follow.
  int64_t NextStep();
  // Lets threads claim the chunks of the next step.
  void Publish(int64_t chunks);

  // Calls `done`, after which what the work was about may be gone.
  void Finish();

  // The first turn begins. Only the first call counts.
  void Begin();
  // A thread has worked for it for so long. Thread-safe.
  void AddServed(Clock::duration time) {
    served_.fetch_add(time.count(), std::memory_order_relaxed);
  }

  // These belong to the Scheduler: whether a thread of its user's helps, and whether all is over.
  bool is_helped = false;
  bool is_finished = false;

 private:
  bool TryClaim(int64_t* chunk);
  absl::Status TryChunk(int64_t chunk);

  std::unique_ptr<Work> work_;
  const StopCondition stop_;
  Engine::Done done_;
  const Clock::time_point submitted_ = Clock::now();
  std::optional<Clock::time_point> begun_;
  std::atomic<Clock::rep> served_ = 0;
  bool is_first_step_ = true;
  int64_t chunks_ = 1;
  std::atomic<int64_t> unclaimed_ = 1;
  std::atomic<int64_t> unfinished_ = 1;
  FirstError error_;
};

}  // namespace rectifier

#endif  // RECTIFIER_CORE_TASK_H_
