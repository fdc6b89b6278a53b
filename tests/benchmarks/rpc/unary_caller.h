// Evaluate over raw bytes: one thread, one completion queue, and nothing done with the replies.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_UNARY_CALLER_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_UNARY_CALLER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "tests/benchmarks/rpc/caller.h"
#include "tests/benchmarks/rpc/workload.h"

namespace rectifier {

// Where calls go.
struct Endpoint {
  std::string target;        // gRPC's: "unix:/path", "ipv4:127.0.0.1:1,127.0.0.1:2"
  bool round_robin = false;  // over all addresses of the target
  bool is_floor = false;     // it wants Workload::FloorRequest
};

class UnaryCaller final : public Caller {
 public:
  // Looks at the one reply of Check.
  using ReplyCheck = std::function<absl::Status(const grpc::ByteBuffer&)>;

  // Sends `request` with the case's number of calls in flight, over its number of connections.
  UnaryCaller(const Endpoint& endpoint, const Case& c, grpc::ByteBuffer request, ReplyCheck check);
  ~UnaryCaller() override;

  absl::Status Check() override;
  absl::StatusOr<Calls> Run(const Until& until) override;

 private:
  class Slot;

  grpc::ByteBuffer request_;
  ReplyCheck check_;
  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;  // one a connection
  std::vector<std::unique_ptr<Slot>> slots_;               // one a call in flight
};

// Calls with the workload's bytes, or with those for the floor. `workload` outlives it.
std::unique_ptr<Caller> MakeUnaryCaller(const Endpoint& endpoint, const Workload& workload);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_UNARY_CALLER_H_
