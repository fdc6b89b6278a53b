#include "tests/benchmarks/kernels/measure.h"

#include <alloca.h>

#include <algorithm>
#include <ctime>

#include "absl/time/clock.h"

namespace rectifier {
namespace {

absl::Duration Now(TimeOf time_of) {
  timespec now;
  clock_gettime(time_of == TimeOf::kThread ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &now);
  return absl::DurationFromTimespec(now);
}

class Contender {
 public:
  Contender(const std::function<void()>& run, const Effort& effort) : run_(run), effort_(effort) {
    run_();
    const absl::Duration once = std::max(Run(1), absl::Nanoseconds(1));
    times_ = std::max<int64_t>(1, effort.batch / once);
  }

  void Sample(int round) {
    absl::SleepFor(effort_.pause);
    if (times_ > 1) run_();  // brings its data into the cache
    samples_.push_back(RunOnStack(round) / times_);
  }

  Timing Result() {
    std::sort(samples_.begin(), samples_.end());
    return {samples_.front(), samples_[samples_.size() / 2]};
  }

 private:
  absl::Duration Run(int64_t times) const {
    const absl::Duration start = Now(effort_.time_of);
    for (int64_t i = 0; i < times; ++i) run_();
    return Now(effort_.time_of) - start;
  }

  // Each round runs at another alignment of the stack, by steps of 16 bytes: whoever keeps vectors
  // there without aligning it (oneDNN 2.6) would be up to 1.7 times as slow by accident of the
  // process.
  absl::Duration RunOnStack(int round) const {
    auto* const shift =
        static_cast<volatile char*>(alloca(16 * static_cast<size_t>(1 + round % 4)));
    *shift = 0;
    return Run(times_);
  }

  const std::function<void()>& run_;
  const Effort& effort_;
  int64_t times_;
  std::vector<absl::Duration> samples_;
};

}  // namespace

std::vector<Timing> Measure(absl::Span<const std::function<void()>> contenders,
                            const Effort& effort) {
  std::vector<Contender> running;
  for (const std::function<void()>& run : contenders) running.emplace_back(run, effort);
  for (int round = 0; round < effort.rounds; ++round) {
    for (size_t i = 0; i < running.size(); ++i) {
      running[(i + static_cast<size_t>(round)) % running.size()].Sample(round);
    }
  }
  std::vector<Timing> timings;
  for (Contender& contender : running) timings.push_back(contender.Result());
  return timings;
}

}  // namespace rectifier
