// Timing in rounds: every contender has a turn in every round, so that a noisy moment hits all
// alike.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_MEASURE_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_MEASURE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "tests/benchmarks/rpc/side.h"

namespace rectifier {

struct Effort {
  int rounds = 7;
  Until turn;
};

// What one turn of one contender found.
struct Turn {
  int round = 0;
  size_t calls = 0;
  absl::Duration time;
  absl::Duration p50;
  absl::Duration p99;
  // These belong to the contender's servers together, during the turn.
  absl::Duration cpu;
  int64_t faults = 0;
  // The most that they ever held, and what they held before the first call.
  int64_t peak_bytes = 0;
  int64_t idle_bytes = 0;
  int64_t client_bytes = 0;  // see Calls
};

// Has every contender check a reply and warm up, then measures. Rounds begin with another contender
// each time. Errors: those of a contender, with its name.
absl::Status Measure(absl::Span<const Contender> contenders, const Effort& effort,
                     const std::function<void(const Contender&, const Turn&)>& report);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_MEASURE_H_
