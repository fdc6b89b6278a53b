#include "core/engine.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <new>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/field_error.h"
#include "core/run/cpu_quota.h"
#include "core/windowed_run.h"
#include "oneapi/tbb/global_control.h"
#include "oneapi/tbb/parallel_for.h"
#include "oneapi/tbb/task_arena.h"
#include "oneapi/tbb/task_group.h"

namespace rectifier {
namespace {

// All of it as one window.
absl::Status RunJob(const Job& job, ParallelFor parallel_for) {
  const Evaluation& evaluation = job.evaluation;
  const std::unique_ptr<WindowedRun> run = WindowedRun::Make(evaluation);
  Window whole{
      .count = run->items().count, .outputs = job.outputs, .bypass_cache = job.bypass_cache};
  for (const TensorView& input : evaluation.inputs) whole.inputs.push_back(input.data);
  if (evaluation.upstream) whole.upstream = evaluation.upstream->data;
  return run->Run(whole, parallel_for);
}

absl::Status RunJobs(absl::Span<const Job> jobs, const StopCondition& stop,
                     ParallelFor parallel_for) {
  for (const Job& job : jobs) {
    if (absl::Status status = stop.Check(); !status.ok()) return status;
    if (absl::Status status = RunJob(job, parallel_for); !status.ok()) return status;
  }
  return absl::OkStatus();
}

int64_t ElementsOf(absl::Span<const Job> jobs) {
  int64_t elements = 0;
  for (const Job& job : jobs) elements += job.evaluation.elements;
  return elements;
}

// Keeps the first error of several threads.
class FirstError {
 public:
  bool set() const { return set_.load(std::memory_order_relaxed); }
  void Set(absl::Status status) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (status_.ok()) status_ = std::move(status);
    set_.store(true, std::memory_order_relaxed);
  }
  absl::Status status() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return status_;
  }

 private:
  std::atomic<bool> set_ = false;
  mutable std::mutex mutex_;
  absl::Status status_;
};

absl::Status ForEachInParallel(int64_t count, absl::FunctionRef<void(int64_t)> body,
                               const StopCondition& stop) {
  FirstError error;
  // simple_partitioner: a body is a chunk of some tens of microseconds already.
  tbb::parallel_for(
      tbb::blocked_range<int64_t>(0, count),
      [&](const tbb::blocked_range<int64_t>& range) {
        for (int64_t i = range.begin(); i != range.end(); ++i) {
          if (error.set()) return;
          if (absl::Status status = stop.Check(); !status.ok()) return error.Set(std::move(status));
          body(i);
        }
      },
      tbb::simple_partitioner());
  return error.status();
}

absl::Status ForEachInOrder(int64_t count, absl::FunctionRef<void(int64_t)> body,
                            const StopCondition& stop) {
  for (int64_t i = 0; i < count; ++i) {
    if (absl::Status status = stop.Check(); !status.ok()) return status;
    body(i);
  }
  return absl::OkStatus();
}

// Checks that there is memory of the right size and type for every result.
absl::Status CheckOutputs(const Evaluation& evaluation, absl::Span<const OutputView> outputs) {
  const std::vector<OutputDescription>& wanted = evaluation.outputs;
  if (outputs.size() != wanted.size()) {
    return FieldError({"outputs",
                       absl::StrCat(outputs.size(), " given; the evaluation has ", wanted.size()),
                       "WRONG_OUTPUT_COUNT"});
  }
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (outputs[i].type == wanted[i].type && outputs[i].data.size() == wanted[i].bytes) continue;
    return FieldError({absl::StrCat("outputs[", i, "]"),
                       absl::StrCat(outputs[i].data.size(), " bytes of ", Name(outputs[i].type),
                                    "; the ", Name(wanted[i].quantity), " takes ", wanted[i].bytes,
                                    " of ", Name(wanted[i].type)),
                       "OUTPUT_MISMATCH"});
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status StopCondition::Check() const {
  if (cancelled.stop_requested()) return absl::CancelledError("the caller has gone");
  if (deadline != absl::InfiniteFuture() && absl::Now() >= deadline) {
    return absl::DeadlineExceededError("the deadline has passed");
  }
  return absl::OkStatus();
}

struct Engine::Arena {
  // No slot is kept for the threads that submit: they hand over and go. One thread more than the
  // arena's is allowed, because oneTBB counts the submitting thread.
  explicit Arena(int threads)
      : control(tbb::global_control::max_allowed_parallelism, static_cast<size_t>(threads) + 1),
        arena(threads, /*reserved_for_masters=*/0) {}

  tbb::global_control control;
  tbb::task_arena arena;
  tbb::task_group submitted;
};

Engine::Engine(const Options& options) : options_(options) {
  if (options_.threads <= 0) options_.threads = AvailableCpus();
  arena_ = std::make_unique<Arena>(options_.threads);
}

Engine::~Engine() {
  arena_->arena.execute([this] { arena_->submitted.wait(); });
}

int Engine::threads() const { return options_.threads; }

absl::Status Engine::Run(int64_t elements, const StopCondition& stop,
                         absl::FunctionRef<absl::Status(ParallelFor)> work) try {
  if (elements <= options_.inline_elements || options_.threads == 1) {
    return work([&stop](int64_t count, absl::FunctionRef<void(int64_t)> body) {
      return ForEachInOrder(count, body, stop);
    });
  }
  return arena_->arena.execute([&] {
    return work([&stop](int64_t count, absl::FunctionRef<void(int64_t)> body) {
      return ForEachInParallel(count, body, stop);
    });
  });
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError("no memory for the evaluation");
}

absl::Status Engine::Run(absl::Span<const Job> jobs, const StopCondition& stop) {
  return Run(ElementsOf(jobs), stop,
             [&](ParallelFor parallel_for) { return RunJobs(jobs, stop, parallel_for); });
}

absl::Status Engine::Run(WindowedRun& run, const Window& window, const StopCondition& stop) {
  return Run(run.ElementsOf(window.count), stop,
             [&](ParallelFor parallel_for) { return run.Run(window, parallel_for); });
}

namespace {

// Outputs of this size, the last cache's about, are gone from the caches before they are read
// again.
constexpr size_t kBypassCacheBytes = size_t{4} << 20;

bool WritesItsInputs(const Job& job) {
  const auto is_input = [&](const std::byte* output) {
    const auto& inputs = job.evaluation.inputs;
    return std::any_of(inputs.begin(), inputs.end(),
                       [output](const TensorView& input) { return input.data.data() == output; }) ||
           (job.evaluation.upstream && job.evaluation.upstream->data.data() == output);
  };
  return std::any_of(job.outputs.begin(), job.outputs.end(), is_input);
}

}  // namespace

bool PaysToBypassCache(const Job& job) {
  size_t bytes = 0;
  for (const OutputDescription& output : job.evaluation.outputs) bytes += output.bytes;
  return bytes >= kBypassCacheBytes && !WritesItsInputs(job);
}

absl::Status Engine::Run(const Evaluation& evaluation, const std::vector<OutputView>& outputs,
                         const StopCondition& stop) {
  if (absl::Status status = CheckOutputs(evaluation, outputs); !status.ok()) return status;
  Job job{evaluation, {}};
  for (const OutputView& output : outputs) job.outputs.push_back(output.data.data());
  job.bypass_cache = PaysToBypassCache(job);
  return Run({&job, 1}, stop);
}

void Engine::Submit(int64_t elements, StopCondition stop, Work work, Done done) {
  if (elements <= options_.inline_elements) {
    return done(Run(elements, stop, work), absl::ZeroDuration());
  }
  // Never waits for a free slot, as execute() might.
  arena_->arena.enqueue(
      arena_->submitted.defer([this, elements, stop = std::move(stop), work = std::move(work),
                               done = std::move(done), submitted = absl::Now()] {
        const absl::Duration queued = absl::Now() - submitted;
        done(Run(elements, stop, work), queued);
      }));
}

void Engine::Submit(absl::Span<const Job> jobs, StopCondition stop, Done done) {
  Work work = [jobs, stop](ParallelFor parallel_for) { return RunJobs(jobs, stop, parallel_for); };
  Submit(ElementsOf(jobs), std::move(stop), std::move(work), std::move(done));
}

void Engine::Submit(WindowedRun& run, const Window& window, StopCondition stop, Done done) {
  Work work = [&run, &window](ParallelFor parallel_for) { return run.Run(window, parallel_for); };
  Submit(run.ElementsOf(window.count), std::move(stop), std::move(work), std::move(done));
}

}  // namespace rectifier
