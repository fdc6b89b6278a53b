// Threads that run tasks, chunk by chunk, in the order of Turns. oneTBB gives the threads; which
// chunk a thread runs next is decided here. A thread that finds none sleeps a while before it goes
// back to oneTBB, whose threads spin before they sleep: a small call would pay more for that than
// for what it asks (DECISIONS.md).
#ifndef RECTIFIER_CORE_SCHEDULER_H_
#define RECTIFIER_CORE_SCHEDULER_H_

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

#include "core/task.h"
#include "core/turns.h"
#include "oneapi/tbb/global_control.h"
#include "oneapi/tbb/task_arena.h"
#include "oneapi/tbb/task_group.h"

namespace rectifier {

class Scheduler {
 public:
  explicit Scheduler(int threads);
  ~Scheduler();  // waits for all tasks

  // Has the task run; it does not wait. With `in_front` it comes before its caller's other tasks.
  void Add(std::shared_ptr<Task> task, bool in_front = false);

  // The same, and the calling thread helps, until the task has finished. Any thread may call it,
  // those of the scheduler included.
  void RunToEnd(const std::shared_ptr<Task>& task);

 private:
  // What a thread of oneTBB does until nobody has waited for a turn for a while.
  void TakeTurns();
  // Takes turns until nobody waits for one.
  void TakeTurns(std::unique_lock<std::mutex>& lock);
  // Whether it is called before it has slept for long.
  bool Sleep(std::unique_lock<std::mutex>& lock);
  void RunTurn(const std::shared_ptr<Task>& task);
  // Goes on to the task's next step; false where it has finished.
  bool Advance(const std::shared_ptr<Task>& task);
  // Gets more threads for so many chunks, up to `most` in all.
  void Wake(int64_t chunks, int64_t most);
  // Has oneTBB give one more, which counts as awake already.
  void Start();

  const int threads_;
  std::mutex mutex_;
  std::condition_variable changed_;  // a task has chunks, or has finished
  Turns<Task> turns_;
  std::condition_variable called_;
  int64_t awake_ = 0;   // threads, with those that are called
  int64_t asleep_ = 0;  // threads, without them
  int64_t calls_ = 0;   // that no thread has heard yet
  bool ends_ = false;

  tbb::global_control control_;
  tbb::task_arena arena_;
  tbb::task_group group_;
};

}  // namespace rectifier

#endif  // RECTIFIER_CORE_SCHEDULER_H_
