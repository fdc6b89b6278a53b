// Timing in rounds: every contender runs in every round, so that a noisy moment hits all alike.
#ifndef RECTIFIER_TESTS_BENCHMARKS_KERNELS_MEASURE_H_
#define RECTIFIER_TESTS_BENCHMARKS_KERNELS_MEASURE_H_

#include <functional>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"

namespace rectifier {

// What passes while a contender runs.
enum class TimeOf {
  kMachine,  // the clock on the wall
  kThread,   // what the calling thread gets of a CPU: not disturbed by processes that share it
};

struct Effort {
  TimeOf time_of = TimeOf::kMachine;
  int rounds = 12;
  // A contender that is faster is run several times in a round, until this has passed.
  absl::Duration batch = absl::Microseconds(300);
  // This passes before each contender of a round. OpenMP's threads spin for some milliseconds after
  // their work and would take a CPU from whoever runs next.
  absl::Duration pause = absl::ZeroDuration();
};

// The times of one run, over the rounds.
struct Timing {
  absl::Duration best;
  absl::Duration median;
};

// Gives the times by contender. Rounds begin with another contender each time.
std::vector<Timing> Measure(absl::Span<const std::function<void()>> contenders,
                            const Effort& effort);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_KERNELS_MEASURE_H_
