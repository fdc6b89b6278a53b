#include "core/work.h"

#include <utility>

namespace rectifier {

std::optional<int64_t> WindowWork::NextStep() {
  if (!std::exchange(is_begun_, true)) run_.Begin(window_);
  return run_.NextStep();
}

std::optional<int64_t> JobsWork::NextStep() {
  for (;;) {
    if (run_ != nullptr) {
      if (const std::optional<int64_t> chunks = run_->NextStep()) return chunks;
    }
    if (begun_ == jobs_.size()) return std::nullopt;
    Begin(jobs_[begun_++]);
  }
}

void JobsWork::Begin(const Job& job) {
  const Evaluation& evaluation = job.evaluation;
  run_ = WindowedRun::Make(evaluation);
  whole_.count = run_->items().count;
  whole_.outputs = job.outputs;
  whole_.bypass_cache = job.bypass_cache;
  whole_.inputs.clear();
  for (const TensorView& input : evaluation.inputs) whole_.inputs.push_back(input.data);
  whole_.upstream = evaluation.upstream ? evaluation.upstream->data : Payload();
  run_->Begin(whole_);
}

}  // namespace rectifier
