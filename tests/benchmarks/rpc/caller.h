// Whoever makes calls: what a side is measured by.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_CALLER_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_CALLER_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace rectifier {

// When to begin no further call: once both have passed.
struct Until {
  absl::Duration time;
  int64_t calls = 1;
};

// Calls that were made and answered.
struct Calls {
  std::vector<absl::Duration> latencies;  // each from before its start until its reply is there
  absl::Duration time;                    // of all together
  // Where a process of its own makes the calls: the most memory it held beyond what it held idle.
  int64_t client_bytes = 0;
};

class Caller {
 public:
  Caller() = default;
  virtual ~Caller() = default;
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  // Makes one call and looks at what comes back. Errors: the call's; INTERNAL where it is wrong.
  virtual absl::Status Check() = 0;

  // Makes calls, as many at a time as the case says, and looks at no reply. Errors: a call's.
  virtual absl::StatusOr<Calls> Run(const Until& until) = 0;
};

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_CALLER_H_
