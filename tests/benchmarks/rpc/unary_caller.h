// A unary method over raw bytes: one thread, one completion queue, and nothing done with the
// replies.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_UNARY_CALLER_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_UNARY_CALLER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "tests/benchmarks/rpc/call_slot.h"
#include "tests/benchmarks/rpc/caller.h"
#include "tests/benchmarks/rpc/connect.h"
#include "tests/benchmarks/rpc/workload.h"

namespace rectifier {

class UnaryCaller final : public Caller {
 public:
  // Looks at the one reply of Check.
  using ReplyCheck = std::function<absl::Status(const grpc::ByteBuffer&)>;

  // Keeps the case's number of calls in flight, over its number of connections. `requests` has one
  // for each call in flight, or one for all.
  UnaryCaller(const Endpoint& endpoint, const Case& c, std::vector<grpc::ByteBuffer> requests,
              ReplyCheck check);
  ~UnaryCaller() override;

  absl::Status Check() override;
  absl::StatusOr<Calls> Run(const Until& until) override;

 private:
  class Slot;

  const std::string method_;
  const std::vector<grpc::ByteBuffer> requests_;
  const ReplyCheck check_;
  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;  // one a connection
  CallSlots slots_;                                        // one a call in flight
};

// Calls with the workload's bytes, or with those for the floor. `workload` outlives it.
std::unique_ptr<Caller> MakeUnaryCaller(const Endpoint& endpoint, const Workload& workload);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_UNARY_CALLER_H_
