// EvaluateStream over raw bytes: one thread, one completion queue, and nothing done with replies.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_STREAM_CALLER_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_STREAM_CALLER_H_

#include <cstddef>
#include <string>

#include "grpcpp/channel.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "tests/benchmarks/rpc/call_slot.h"
#include "tests/benchmarks/rpc/caller.h"
#include "tests/benchmarks/rpc/workload.h"

namespace rectifier {

// What one stream sends: the header, `chunk` again and again, then `last`.
struct StreamMessages {
  grpc::ByteBuffer header;
  grpc::ByteBuffer chunk;
  size_t chunks = 0;
  grpc::ByteBuffer last;
};

class StreamCaller final : public Caller {
 public:
  // Each call is one stream over the input of the workload, which has one evaluation. `workload`
  // outlives it.
  StreamCaller(const std::string& target, const Workload& workload);
  ~StreamCaller() override;

  // Waits until the server is reached.
  void Connect();

  absl::Status Check() override;
  absl::StatusOr<Calls> Run(const Until& until) override;

 private:
  class Slot;

  const Workload& workload_;
  const StreamMessages messages_;
  grpc::CompletionQueue queue_;
  std::shared_ptr<grpc::Channel> channel_;
  grpc::GenericStub stub_;
  CallSlots slots_;  // one a stream in progress
};

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_STREAM_CALLER_H_
