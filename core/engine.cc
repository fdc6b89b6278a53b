#include "core/engine.h"

#include <algorithm>
#include <new>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/field_error.h"
#include "core/run/cpu_quota.h"
#include "core/scheduler.h"
#include "core/task.h"
#include "core/windowed_run.h"
#include "core/work.h"

namespace rectifier {
namespace {

int64_t WorkOf(absl::Span<const Job> jobs) {
  int64_t work = 0;
  for (const Job& job : jobs) {
    work += Engine::kWorkOfJob + WorkOf(job.evaluation, job.evaluation.elements);
  }
  return work;
}

absl::Status RunInOrder(Work& work, const StopCondition& stop) try {
  while (const std::optional<int64_t> chunks = work.NextStep()) {
    for (int64_t i = 0; i < *chunks; ++i) {
      if (absl::Status status = stop.Check(); !status.ok()) return status;
      work.RunChunk(i);
    }
  }
  return absl::OkStatus();
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError("no memory for the evaluation");
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
  if (deadline != Clock::time_point::max() && Clock::now() >= deadline) {
    return absl::DeadlineExceededError("the deadline has passed");
  }
  return absl::OkStatus();
}

Engine::Engine(const Options& options) : options_(options) {
  if (options_.threads <= 0) options_.threads = AvailableCpus();
  scheduler_ = std::make_unique<Scheduler>(options_.threads);
}

Engine::~Engine() = default;

int Engine::threads() const { return options_.threads; }

namespace {

// What several threads run, on behalf of the calling one.
template <class SomeWork, class... Arguments>
absl::Status RunTogether(Scheduler& scheduler, const StopCondition& stop,
                         Arguments&&... arguments) try {
  absl::Status result;
  const auto done = [&result](absl::Status status, const Engine::Times&) {
    result = std::move(status);
  };
  scheduler.RunToEnd(std::make_shared<Task>(
      CallerId{0}, std::make_unique<SomeWork>(std::forward<Arguments>(arguments)...), stop, done));
  return result;
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError("no memory for the evaluation");
}

}  // namespace

absl::Status Engine::Run(absl::Span<const Job> jobs, const StopCondition& stop) {
  if (options_.threads > 1 && WorkOf(jobs) > options_.inline_work) {
    return RunTogether<JobsWork>(*scheduler_, stop, jobs);
  }
  JobsWork work(jobs);
  return RunInOrder(work, stop);
}

absl::Status Engine::Run(WindowedRun& run, const Window& window, const StopCondition& stop) {
  if (options_.threads > 1 && run.WorkOf(window.count) > options_.inline_work) {
    return RunTogether<WindowWork>(*scheduler_, stop, run, window);
  }
  WindowWork work(run, window);
  return RunInOrder(work, stop);
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

bool Engine::RunsAtOnce(absl::Span<const Job> jobs) const {
  return WorkOf(jobs) <= options_.inline_work;
}

bool Engine::RunsAtOnce(const WindowedRun& run, const Window& window) const {
  return run.WorkOf(window.count) <= options_.inline_work;
}

void Engine::Submit(CallerId caller, absl::Span<const Job> jobs, StopCondition stop, Done done,
                    bool goes_on) {
  if (RunsAtOnce(jobs)) {
    JobsWork work(jobs);
    return done(RunInOrder(work, stop), Times());
  }
  scheduler_->Add(std::make_shared<Task>(caller, std::make_unique<JobsWork>(jobs), std::move(stop),
                                         std::move(done)),
                  goes_on);
}

void Engine::Submit(CallerId caller, WindowedRun& run, const Window& window, StopCondition stop,
                    Done done) {
  if (RunsAtOnce(run, window)) {
    WindowWork work(run, window);
    return done(RunInOrder(work, stop), Times());
  }
  scheduler_->Add(std::make_shared<Task>(caller, std::make_unique<WindowWork>(run, window),
                                         std::move(stop), std::move(done)));
}

void Engine::SubmitPieces(CallerId caller, std::function<bool()> next_piece, StopCondition stop,
                          Done done) {
  scheduler_->Add(std::make_shared<Task>(caller,
                                         std::make_unique<PiecesWork>(std::move(next_piece)),
                                         std::move(stop), std::move(done)));
}

}  // namespace rectifier
