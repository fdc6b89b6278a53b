// What is asked for: a request's bytes, the size of its reply, and whether a reply is right.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_WORKLOAD_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_WORKLOAD_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "grpcpp/support/byte_buffer.h"
#include "rectifier/v1/activation.pb.h"

namespace rectifier {

// One point of the grid.
struct Case {
  size_t tensor_bytes = 64;  // of one evaluation's input
  int evaluations = 1;       // in a request, each with a tensor of its own
  int inflight = 1;          // calls at any time, over all connections
  int connections = 1;

  // The bytes of a request's tensors, in one direction.
  size_t payload() const { return tensor_bytes * static_cast<size_t>(evaluations); }
};

// Value and gradient of one activation over float32, for every evaluation of a case.
class Workload {
 public:
  // `activation` is relu or silu, which every side knows.
  Workload(std::string activation, const Case& c);

  const std::string& activation() const { return activation_; }
  const Case& of() const { return case_; }

  // Elements of one evaluation's input.
  size_t elements() const { return case_.tensor_bytes / sizeof(float); }
  // The same elements again and again, from those of the first kPeriod bytes on.
  static constexpr size_t kPeriod = 8192;
  // Fills `bytes` with the first of them.
  void FillInput(absl::Span<std::byte> bytes) const;

  // An EvaluateRequest; the same bytes for everyone who serves ActivationService. The first call
  // makes it, since a stream of a GiB needs none; calls share its bytes.
  const grpc::ByteBuffer& request() const { return messages().request; }
  // The floor's request: as many bytes, which begin with the size of the reply.
  grpc::ByteBuffer FloorRequest() const;
  // The size of the EvaluateResponse.
  size_t reply_bytes() const { return messages().reply_bytes; }

  // Errors: INTERNAL where the size is another, where the bytes are no EvaluateResponse, or where
  // a result is off by more than careless float32 code may be.
  absl::Status CheckReply(const grpc::ByteBuffer& reply) const;
  absl::Status CheckSize(const grpc::ByteBuffer& reply) const;

  enum class Result { kValue, kGradient };
  // Checks the same for `bytes` of one result, of which `first` bytes came before.
  absl::Status CheckResult(Result result, absl::string_view bytes, size_t first = 0) const;

 private:
  struct Messages {
    grpc::ByteBuffer request;
    size_t reply_bytes;
  };

  const Messages& messages() const;
  absl::Status CheckTensor(Result result, const v1::Tensor& tensor) const;

  const std::string activation_;
  const Case case_;
  mutable std::optional<Messages> messages_;
};

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_WORKLOAD_H_
