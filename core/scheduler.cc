#include "core/scheduler.h"

#include <algorithm>
#include <new>
#include <utility>

namespace rectifier {
namespace {

// How long a thread sleeps before it goes back to oneTBB, which may need it elsewhere.
constexpr std::chrono::milliseconds kMaxSleep{50};

int64_t NanosecondsSince(Task::Clock::time_point start) {
  return std::chrono::nanoseconds(Task::Clock::now() - start).count();
}

}  // namespace

// No slot is kept for the threads that add tasks: they hand over and go. One thread more than the
// arena's is allowed, because oneTBB counts the thread that adds.
Scheduler::Scheduler(int threads)
    : threads_(threads),
      control_(tbb::global_control::max_allowed_parallelism, static_cast<size_t>(threads) + 1),
      arena_(threads, /*reserved_for_masters=*/0) {}

Scheduler::~Scheduler() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ends_ = true;
  }
  called_.notify_all();
  arena_.execute([this] { group_.wait(); });
}

void Scheduler::Add(std::shared_ptr<Task> task, bool in_front) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (in_front) {
      turns_.PushFront(std::move(task));
    } else {
      turns_.Push(std::move(task));
    }
  }
  Wake(1, threads_);
}

void Scheduler::RunToEnd(const std::shared_ptr<Task>& task) {
  task->is_helped = true;
  std::unique_lock<std::mutex> lock(mutex_);
  turns_.Push(task);
  while (!task->is_finished) {
    if (task->has_chunks()) {
      lock.unlock();
      RunTurn(task);
      lock.lock();
    } else {
      changed_.wait(lock);
    }
  }
}

void Scheduler::Wake(int64_t chunks, int64_t most) {
  int64_t called, started;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const int64_t more = std::clamp<int64_t>(most - awake_, 0, chunks);
    called = std::min(more, asleep_);
    started = more - called;
    awake_ += more;
    asleep_ -= called;
    calls_ += called;
  }
  for (; called > 0; --called) called_.notify_one();
  for (; started > 0; --started) Start();
}

void Scheduler::Start() try {
  arena_.enqueue(group_.defer([this] { TakeTurns(); }));  // never waits, as execute() might
} catch (const std::bad_alloc&) {
  std::unique_lock<std::mutex> lock(mutex_);
  TakeTurns(lock);
  --awake_;
}

void Scheduler::TakeTurns() {
  std::unique_lock<std::mutex> lock(mutex_);
  do {
    TakeTurns(lock);
    --awake_;
  } while (Sleep(lock));
}

bool Scheduler::Sleep(std::unique_lock<std::mutex>& lock) {
  ++asleep_;
  const auto is_called = [this] { return calls_ > 0 || ends_; };
  called_.wait_for(lock, kMaxSleep, is_called);
  if (calls_ > 0) {
    --calls_;
    return true;
  }
  --asleep_;
  return false;
}

void Scheduler::TakeTurns(std::unique_lock<std::mutex>& lock) {
  const auto is_ready = [](const Task& task) { return task.has_chunks(); };
  while (const std::shared_ptr<Task> task = turns_.Next(is_ready)) {
    task->Begin();
    lock.unlock();
    const Task::Clock::time_point start = Task::Clock::now();
    RunTurn(task);
    const int64_t took = NanosecondsSince(start);
    lock.lock();
    turns_.End(*task, took);
  }
}

void Scheduler::RunTurn(const std::shared_ptr<Task>& task) {
  const Task::Clock::time_point start = Task::Clock::now();
  Task::Clock::time_point end = start;
  do {
    const Task::Claim claim = task->RunChunk();
    if (claim == Task::Claim::kNothing) return;
    const Task::Clock::time_point begin = std::exchange(end, Task::Clock::now());
    task->AddServed(end - begin);
    if (claim == Task::Claim::kLastChunk && !Advance(task)) return;
  } while (end - start < std::chrono::nanoseconds(kTurnNanoseconds));
}

bool Scheduler::Advance(const std::shared_ptr<Task>& task) {
  const int64_t chunks = task->NextStep();
  if (chunks == 0) task->Finish();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (chunks > 0) {
      task->Publish(chunks);
      turns_.PushFront(task);
    } else {
      task->is_finished = true;
    }
  }
  changed_.notify_all();
  // The thread that helps counts as one.
  if (chunks > 1) Wake(chunks - 1, threads_ - (task->is_helped ? 1 : 0));
  return chunks > 0;
}

}  // namespace rectifier
