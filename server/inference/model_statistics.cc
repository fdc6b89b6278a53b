#include "server/inference/model_statistics.h"

#include "absl/time/clock.h"
#include "server/inference/model.h"

namespace rectifier {
namespace {

absl::Duration Total(const BatchTimes& times) {
  return times.decode + times.queue + times.compute + times.encode;
}

void Set(uint64_t count, absl::Duration time, inference::StatisticDuration* to) {
  to->set_count(count);
  to->set_ns(static_cast<uint64_t>(absl::ToInt64Nanoseconds(time)));
}

}  // namespace

void ModelStatistics::Count(const Activation& activation, const BatchTimes& times,
                            bool has_succeeded) {
  Counts& counts = counts_[static_cast<size_t>(&activation - catalogue_.All().data())];
  const absl::MutexLock lock(&counts.mutex);
  if (!has_succeeded) {
    ++counts.failures;
    counts.failed += Total(times);
    return;
  }
  ++counts.successes;
  counts.times.decode += times.decode;
  counts.times.queue += times.queue;
  counts.times.compute += times.compute;
  counts.times.encode += times.encode;
  counts.last = absl::Now();
}

inference::ModelStatistics ModelStatistics::Of(const Activation& activation,
                                               const std::string& name) const {
  const Counts& counts = CountsOf(activation);
  const absl::MutexLock lock(&counts.mutex);
  inference::ModelStatistics statistics;
  statistics.set_name(name);
  statistics.set_version(kModelVersion);
  statistics.set_last_inference(static_cast<uint64_t>(absl::ToUnixMillis(counts.last)));
  statistics.set_inference_count(counts.successes);
  statistics.set_execution_count(counts.successes);
  inference::InferStatistics& infer = *statistics.mutable_inference_stats();
  Set(counts.successes, Total(counts.times), infer.mutable_success());
  Set(counts.failures, counts.failed, infer.mutable_fail());
  Set(counts.successes, counts.times.queue, infer.mutable_queue());
  Set(counts.successes, counts.times.decode, infer.mutable_compute_input());
  Set(counts.successes, counts.times.compute, infer.mutable_compute_infer());
  Set(counts.successes, counts.times.encode, infer.mutable_compute_output());
  if (counts.successes == 0) return statistics;
  inference::InferBatchStatistics& batch = *statistics.add_batch_stats();
  batch.set_batch_size(1);
  *batch.mutable_compute_input() = infer.compute_input();
  *batch.mutable_compute_infer() = infer.compute_infer();
  *batch.mutable_compute_output() = infer.compute_output();
  return statistics;
}

std::vector<inference::ModelStatistics> ModelStatistics::OfAll() const {
  std::vector<inference::ModelStatistics> all;
  for (const Activation& activation : catalogue_.All()) {
    inference::ModelStatistics statistics = Of(activation, std::string(activation.spec->name));
    const bool was_used = statistics.inference_stats().success().count() > 0 ||
                          statistics.inference_stats().fail().count() > 0;
    if (was_used) all.push_back(std::move(statistics));
  }
  return all;
}

}  // namespace rectifier
