// What is asked for: a request's bytes, the size of its reply, and whether a reply is right.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_WORKLOAD_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_WORKLOAD_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "grpcpp/support/byte_buffer.h"
#include "rectifier/v1/activation.pb.h"

namespace rectifier {

// One point of the grid.
struct Case {
  size_t tensor_bytes = 64;  // of one evaluation's input
  int evaluations = 1;       // in a request, each with a tensor of its own
  int inflight = 1;          // calls at any time, over all connections
  int connections = 1;

  // Of a request, in one direction.
  size_t payload() const { return tensor_bytes * static_cast<size_t>(evaluations); }
};

// Value and gradient of one activation over float32, for every evaluation of a case. Made once;
// calls share its bytes.
class Workload {
 public:
  // `activation`: relu or silu, which every side knows.
  Workload(std::string activation, const Case& c);

  const Case& of() const { return case_; }

  // An EvaluateRequest; the same bytes for everyone who serves ActivationService.
  const grpc::ByteBuffer& request() const { return request_; }
  // As many bytes for the floor, which begin with the size of the reply.
  grpc::ByteBuffer FloorRequest() const;
  // Of the EvaluateResponse.
  size_t reply_bytes() const { return reply_bytes_; }

  // Errors: INTERNAL where the size is another, where the bytes are no EvaluateResponse, or where
  // a result is off by more than careless float32 code may be.
  absl::Status CheckReply(const grpc::ByteBuffer& reply) const;
  absl::Status CheckSize(const grpc::ByteBuffer& reply) const;

 private:
  absl::Status CheckTensor(const v1::Tensor& tensor, bool gradient) const;

  std::string activation_;
  Case case_;
  std::vector<float> x_;
  grpc::ByteBuffer request_;
  size_t reply_bytes_;
};

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_WORKLOAD_H_
