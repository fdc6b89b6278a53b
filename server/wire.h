// Between bytes and core: a serialized EvaluateRequest becomes core's views, core's results become
// a serialized EvaluateResponse. Nothing else knows how either looks on the wire.
#ifndef RECTIFIER_SERVER_WIRE_H_
#define RECTIFIER_SERVER_WIRE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/engine.h"
#include "core/evaluation.h"
#include "grpcpp/support/byte_buffer.h"
#include "rectifier/v1/activation.pb.h"
#include "server/buffer_pool.h"
#include "server/limits.h"
#include "server/shared_buffers.h"

namespace rectifier {

// Which field of a Tensor carries the payload.
enum class PayloadForm : uint8_t { kData, kValues };

// Where a caller wants a result, instead of in the reply.
struct Destination {
  Quantity quantity = Quantity::kValue;
  uint32_t input = 0;           // of a gradient
  absl::string_view parameter;  // of a parameter gradient; empty: the only one
  const v1::BufferRegion* region = nullptr;
  absl::Span<std::byte> bytes;
};

struct DecodedRequest {
  // Views into `storage`.
  std::vector<EvaluationRequest> evaluations;
  // By evaluation: the form of its first input, and so of its results.
  std::vector<PayloadForm> forms;
  std::vector<std::vector<Destination>> destinations;  // by evaluation
  size_t region_bytes = 0;                             // of tensors in shared buffers
  std::shared_ptr<const void> storage;
};

// Checks what needs no activation: that the bytes are an EvaluateRequest, the limits (before
// anything is allocated for what they count), payloads against shapes, indices, enumerations.
// Errors: INVALID_ARGUMENT, with the path of the field at fault; NOT_FOUND for a shared buffer that
// is not among `buffers`.
absl::StatusOr<DecodedRequest> DecodeRequest(const grpc::ByteBuffer& bytes, const Limits& limits,
                                             const SharedBuffers& buffers);

// For each output of each job the destination that it goes to, or null.
using OutputDestinations = std::vector<std::vector<const Destination*>>;

// A reply in the making: laid out first, so that its size is known before anything is allocated;
// the results are then computed into the very bytes that are sent. Large payloads lie in buffers of
// a pool, all else in between in slices of its own.
class Reply {
 public:
  Reply() = default;
  Reply(absl::Span<const Job> jobs, absl::Span<const PayloadForm> forms,
        const OutputDestinations& destinations);

  // Of the serialized EvaluateResponse.
  size_t bytes() const { return bytes_; }

  // Allocates it, not zeroed, and sets the outputs of the jobs that it was laid out for.
  // Errors: RESOURCE_EXHAUSTED where the memory is not to be had.
  absl::Status Allocate(absl::Span<Job> jobs, BufferPool& pool);

  // The message, after the jobs have run. Call once.
  grpc::ByteBuffer Take();

 private:
  // One output: the bytes that come before its payload, and the payload.
  struct Piece {
    std::string head;
    ElementType type = ElementType::kFloat64;
    PayloadForm form = PayloadForm::kData;
    size_t elements = 0;
    const Destination* destination = nullptr;  // the payload is not in the message

    size_t payload_bytes() const;
    // Where in the payload the results are computed: results that are narrower than the doubles
    // of `values` lie at its end, so that widening them in place overwrites none unread.
    size_t result_offset() const { return payload_bytes() - elements * SizeOf(type); }
    bool is_large() const;
    void WidenInPlace() const;
    // Where the results are computed.
    std::byte* results() const;

    std::byte* payload = nullptr;  // once it is allocated
  };

  // Neighbouring bytes of the message, with gaps where small payloads go; or one large payload.
  struct Segment {
    size_t bytes = 0;
    bool is_large = false;
    BufferPool::Buffer buffer;  // where it is large; else `own`
    std::unique_ptr<std::byte[]> own;

    std::byte* memory() const { return is_large ? buffer.data() : own.get(); }
    grpc::Slice Release();
  };

  struct Result {
    std::string head;
    std::vector<Piece> pieces;
  };

  static Piece LayOut(const Evaluation& evaluation, const OutputDescription& output,
                      PayloadForm form, const Destination* destination);
  void Cut();
  bool AllocateSegments(BufferPool& pool);
  void Fill();

  std::vector<Result> results_;
  std::vector<Segment> segments_;
  size_t bytes_ = 0;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_WIRE_H_
