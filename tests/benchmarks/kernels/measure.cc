#include "tests/benchmarks/kernels/measure.h"

#include <algorithm>
#include <chrono>

#include "absl/time/clock.h"

namespace rectifier {
namespace {

using Clock = std::chrono::steady_clock;

absl::Duration TimeOf(const std::function<void()>& run, int64_t times) {
  const Clock::time_point start = Clock::now();
  for (int64_t i = 0; i < times; ++i) run();
  return absl::FromChrono(Clock::now() - start);
}

struct Contender {
  const std::function<void()>* run;
  int64_t times;
  std::vector<absl::Duration> samples = {};

  Contender(const std::function<void()>& run, absl::Duration batch) : run(&run) {
    run();
    const absl::Duration once = std::max(TimeOf(run, 1), absl::Nanoseconds(1));
    times = std::max<int64_t>(1, batch / once);
  }

  void Sample(absl::Duration pause) {
    absl::SleepFor(pause);
    if (times > 1) (*run)();  // brings its data into the cache
    samples.push_back(TimeOf(*run, times) / times);
  }

  Timing Result() {
    std::sort(samples.begin(), samples.end());
    return {samples.front(), samples[samples.size() / 2]};
  }
};

}  // namespace

std::vector<Timing> Measure(absl::Span<const std::function<void()>> contenders,
                            const Effort& effort) {
  std::vector<Contender> running;
  for (const std::function<void()>& run : contenders) running.emplace_back(run, effort.batch);
  for (int round = 0; round < effort.rounds; ++round) {
    for (size_t i = 0; i < running.size(); ++i) {
      running[(i + static_cast<size_t>(round)) % running.size()].Sample(effort.pause);
    }
  }
  std::vector<Timing> timings;
  for (Contender& contender : running) timings.push_back(contender.Result());
  return timings;
}

}  // namespace rectifier
