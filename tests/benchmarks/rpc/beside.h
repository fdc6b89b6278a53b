// Small calls while big ones run, on connections and in processes of their own.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_BESIDE_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_BESIDE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "tests/benchmarks/rpc/caller.h"
#include "tests/benchmarks/rpc/unary_caller.h"

namespace rectifier {

// Payload of the big calls; one is in flight at any time.
constexpr size_t kBigBytes = size_t{64} << 20;

// The calls of `small`; during each Run another client makes big ones at `big`.
std::unique_ptr<Caller> MakeBesideCaller(std::unique_ptr<Caller> small, Endpoint big);

// What that other client does, in a process of its own: it writes a line once its first call is
// answered, and goes on until it is killed. Errors: those of a call.
absl::Status RunBigCalls(const Endpoint& endpoint, const std::string& activation);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_BESIDE_H_
