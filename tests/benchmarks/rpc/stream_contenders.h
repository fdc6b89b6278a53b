// Whether a stream keeps what it is for: as fast as calls over bytes, in little memory on both
// sides.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_STREAM_CONTENDERS_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_STREAM_CONTENDERS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tests/benchmarks/rpc/side.h"

namespace rectifier {

constexpr size_t kLongStream = size_t{1} << 30;

// "rectifier stream": one tensor as one stream, by a client in a process of its own.
// "rectifier pieces": the same bytes as calls of Evaluate, 16 MiB each, one after the other.
std::vector<Contender> StreamContenders(Servers& servers, const Workload& workload);

// What that client does: it runs one stream, and writes its time and memory as a line of JSON.
// Errors: the stream's.
absl::Status RunStream(const std::string& target, const std::string& activation, size_t bytes);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_STREAM_CONTENDERS_H_
