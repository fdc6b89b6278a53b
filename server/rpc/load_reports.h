// What the trailers of calls say of the server's load, for clients that balance by it: ORCA's
// report (gRPC's A51), as in gRPC's policy weighted_round_robin.
#ifndef RECTIFIER_SERVER_RPC_LOAD_REPORTS_H_
#define RECTIFIER_SERVER_RPC_LOAD_REPORTS_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace rectifier {

// Thread-safe.
class LoadReports {
 public:
  // The metadata that a serialized report has in the trailers.
  static constexpr char kKey[] = "endpoint-load-metrics-bin";

  struct Machine {
    int cpus = 1;              // that the process may use
    int64_t memory_bytes = 0;  // the same; 0: unknown, and not told
  };

  // `waiting` gives how many calls wait for the engine or have it, for each of its threads.
  LoadReports(const Machine& machine, std::function<double()> waiting);

  // Counts a call that ends; gives the report of the moment, which is made anew a few times a
  // second.
  std::string Count(bool has_succeeded);

 private:
  using Clock = std::chrono::steady_clock;

  std::string Make(double seconds) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Machine machine_;
  const std::function<double()> waiting_;
  absl::Mutex mutex_;
  std::string report_ ABSL_GUARDED_BY(mutex_);
  // Since the report was made.
  Clock::time_point began_ ABSL_GUARDED_BY(mutex_);
  absl::Duration cpu_time_ ABSL_GUARDED_BY(mutex_);  // of the process, at that time
  int64_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t failed_ ABSL_GUARDED_BY(mutex_) = 0;
  double waiting_sum_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_LOAD_REPORTS_H_
