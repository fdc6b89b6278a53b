#include "core/task.h"

#include <new>
#include <utility>

#include "absl/time/time.h"

namespace rectifier {
namespace {

absl::Status NoMemory() { return absl::ResourceExhaustedError("no memory for the evaluation"); }

}  // namespace

void FirstError::Set(absl::Status status) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (status_.ok()) status_ = std::move(status);
  is_set_.store(true, std::memory_order_relaxed);
}

absl::Status FirstError::status() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return status_;
}

Task::Task(CallerId caller, std::unique_ptr<Work> work, StopCondition stop, Engine::Done done)
    : TurnTaker{.caller = caller},
      work_(std::move(work)),
      stop_(std::move(stop)),
      done_(std::move(done)) {}

// Counting down, so that a thread that comes too late can claim no chunk of a step that is over.
bool Task::TryClaim(int64_t* chunk) {
  int64_t left = unclaimed_.load(std::memory_order_acquire);
  while (left > 0) {
    if (unclaimed_.compare_exchange_weak(left, left - 1, std::memory_order_acq_rel)) {
      *chunk = chunks_ - left;
      return true;
    }
  }
  return false;
}

absl::Status Task::TryChunk(int64_t chunk) try {
  if (absl::Status status = stop_.Check(); !status.ok()) return status;
  if (!is_first_step_) work_->RunChunk(chunk);
  return absl::OkStatus();
} catch (const std::bad_alloc&) {
  return NoMemory();
}

Task::Claim Task::RunChunk() {
  int64_t chunk;
  if (!TryClaim(&chunk)) return Claim::kNothing;
  if (!error_.is_set()) {
    if (absl::Status status = TryChunk(chunk); !status.ok()) error_.Set(std::move(status));
  }
  const bool is_last = unfinished_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  return is_last ? Claim::kLastChunk : Claim::kChunk;
}

int64_t Task::NextStep() try {
  is_first_step_ = false;
  if (error_.is_set()) return 0;
  while (const std::optional<int64_t> chunks = work_->NextStep()) {
    if (*chunks > 0) return *chunks;
  }
  return 0;
} catch (const std::bad_alloc&) {
  error_.Set(NoMemory());
  return 0;
}

void Task::Publish(int64_t chunks) {
  chunks_ = chunks;
  unfinished_.store(chunks, std::memory_order_relaxed);
  unclaimed_.store(chunks, std::memory_order_release);
}

void Task::Finish() {
  work_.reset();
  const Engine::Done done = std::move(done_);
  done(error_.status(),
       {.queued = absl::FromChrono(begun_.value_or(submitted_) - submitted_),
        .served = absl::FromChrono(Clock::duration(served_.load(std::memory_order_relaxed)))});
}

void Task::Begin() {
  if (!begun_.has_value()) begun_ = Clock::now();
}

}  // namespace rectifier
