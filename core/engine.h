// Runs evaluations in parallel, in chunks, on threads of oneTBB. Callers share the threads: chunks
// of those who have work take turns (turns.h), so that much of it holds up nobody else's.
//
//   rectifier::Engine engine({.threads = 4});
//   std::vector<float> value(x.size()), gradient(x.size());
//   absl::Status status = engine.Run(evaluation, {value, gradient});
#ifndef RECTIFIER_CORE_ENGINE_H_
#define RECTIFIER_CORE_ENGINE_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "core/evaluation.h"
#include "core/tensor_view.h"
#include "core/windowed_run.h"

namespace rectifier {

// When to give up: tested before each chunk.
struct StopCondition {
  using Clock = std::chrono::steady_clock;  // which nobody sets

  std::stop_token cancelled;
  Clock::time_point deadline = Clock::time_point::max();

  // OK, CANCELLED or DEADLINE_EXCEEDED.
  absl::Status Check() const;
};

// One evaluation with the memory for its results.
struct Job {
  Evaluation evaluation;
  // There is one for each of evaluation.outputs, with as many bytes, and it need not be aligned. An
  // output may be the very memory of the input or upstream of its shape; otherwise nothing
  // overlaps.
  std::vector<std::byte*> outputs;
  // Elementwise outputs that are aligned to 64 bytes are then written past the caches, straight to
  // memory. That pays from a few MiB on, unless they are read again soon, or are the input's
  // memory.
  bool bypass_cache = false;
};

// Whether the outputs of `job` had better bypass the cache: they are large, and not the input's
// memory.
bool PaysToBypassCache(const Job& job);

// Who waits for the results; callers get equal shares of the threads.
using CallerId = uint64_t;

class Scheduler;

class Engine {
 public:
  // What a job takes beside its elements, in elements.
  static constexpr int64_t kWorkOfJob = 64;

  struct Options {
    int threads = 0;  // 0: as many as the CPU quota allows (core/run/cpu_quota.h)
    // A Submit of up to so much work (WorkOf in windowed_run.h, and a little for each job) is
    // computed by the calling thread: by default 64 KiB of float32 in one job, whose threads would
    // cost more than they save.
    int64_t inline_work = (1 << 14) + kWorkOfJob;
  };

  explicit Engine(const Options& options);
  ~Engine();  // waits for submitted work

  int threads() const;
  int64_t inline_work() const { return options_.inline_work; }

  // Runs the jobs one after the other, each in parallel over its chunks. The bits of the results
  // do not depend on threads or chunks. Errors: those of `stop`, and RESOURCE_EXHAUSTED where
  // memory runs out; outputs are then unspecified. Thread-safe.
  absl::Status Run(absl::Span<const Job> jobs, const StopCondition& stop);

  // Runs one evaluation into memory that is checked first: one output per evaluation.outputs, in
  // its own element type. Errors: also INVALID_ARGUMENT with a FieldViolation.
  absl::Status Run(const Evaluation& evaluation, const std::vector<OutputView>& outputs,
                   const StopCondition& stop = {});

  // Runs the next window of `run`. Errors: as above.
  absl::Status Run(WindowedRun& run, const Window& window, const StopCondition& stop);

  // How long the work waited to begin, and for how long threads have served it, in all. Both are 0
  // for what the calling thread did.
  struct Times {
    absl::Duration queued;
    absl::Duration served;
  };
  // What a Submit is told at its end, with Run's status.
  using Done = std::function<void(absl::Status status, const Times& times)>;

  // The same without waiting: `done` is called exactly once, on one of the engine's threads, or
  // before Submit returns where the work is small. `jobs`, and `run` with `window`, must live until
  // then.
  // With `goes_on` it comes before the caller's other work: for what has waited already.
  void Submit(CallerId caller, absl::Span<const Job> jobs, StopCondition stop, Done done,
              bool goes_on = false);
  void Submit(CallerId caller, WindowedRun& run, const Window& window, StopCondition stop,
              Done done);

  // Whether Submit computes these before it returns.
  bool RunsAtOnce(absl::Span<const Job> jobs) const;
  bool RunsAtOnce(const WindowedRun& run, const Window& window) const;

  // Has other work of a caller's done in turn with the chunks, on one of the engine's threads:
  // calls `next_piece` until it says that there is no more. A piece should be as short as a chunk.
  void SubmitPieces(CallerId caller, std::function<bool()> next_piece, StopCondition stop,
                    Done done);

 private:
  Options options_;
  std::unique_ptr<Scheduler> scheduler_;
};

}  // namespace rectifier

#endif  // RECTIFIER_CORE_ENGINE_H_
