// Tensors in memory that a server shares with us.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_SHARED_TENSORS_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_SHARED_TENSORS_H_

#include <vector>

#include "absl/status/status.h"
#include "client/cpp/shared_memory/buffer_region.h"
#include "tests/benchmarks/rpc/server_process.h"
#include "tests/benchmarks/rpc/workload.h"

namespace rectifier {

// The regions of one evaluation.
struct SharedTensors {
  client::BufferRegion x;
  client::BufferRegion value;
  client::BufferRegion gradient;
};

// The regions of one call, by evaluation.
using SharedCall = std::vector<SharedTensors>;

// One for each of the workload's calls in flight, with inputs filled and results zero. Exits with a
// message where the server gives no such memory.
std::vector<SharedCall> ShareTensors(const ServerProcess& server, const Workload& workload);

// Errors: INTERNAL where a result is wrong.
absl::Status CheckResults(const SharedCall& call, const Workload& workload);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_SHARED_TENSORS_H_
