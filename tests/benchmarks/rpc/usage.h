// What a process has used.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_USAGE_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_USAGE_H_

#include <sys/types.h>

#include <cstdint>

#include "absl/time/time.h"

namespace rectifier {

// What a process has used since its start; `resident_bytes` are those of the moment.
struct Usage {
  absl::Duration cpu;      // user and system
  int64_t faults = 0;      // minor page faults
  int64_t peak_bytes = 0;  // the most memory that was resident
  int64_t resident_bytes = 0;
};

// What the process has used so far; zeros where there is no such process. The resolution of `cpu`
// is the kernel's clock tick, 10 ms.
Usage UsageOf(pid_t process);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_USAGE_H_
