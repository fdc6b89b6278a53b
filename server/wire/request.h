// From bytes to core: a serialized EvaluateRequest, or a message of EvaluateStream, becomes core's
// views. Nothing else knows how a request looks on the wire.
#ifndef RECTIFIER_SERVER_WIRE_REQUEST_H_
#define RECTIFIER_SERVER_WIRE_REQUEST_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/evaluation.h"
#include "grpcpp/support/byte_buffer.h"
#include "rectifier/v1/activation.pb.h"
#include "server/limits.h"
#include "server/shared_memory/region_copies.h"
#include "server/shared_memory/shared_buffers.h"
#include "server/wire/request_parser.h"

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
  // The evaluations are views into `storage`.
  std::vector<EvaluationRequest> evaluations;
  // The form of each evaluation's first input, and so of its results.
  std::vector<PayloadForm> forms;
  std::vector<std::vector<Destination>> destinations;  // by evaluation
  size_t tensors = 0;                                  // in the message
  size_t region_bytes = 0;                             // of tensors in shared buffers
  bool holds_buffers = false;  // shared ones or registered regions, for tensors or results
  RegionCopies reads;          // of tensors in registered regions, which come before Bind
  std::shared_ptr<const void> storage;
};

// Checks what needs no activation: that the bytes are an EvaluateRequest, the limits (before
// anything is allocated for what they count), payloads against shapes, indices, enumerations.
// Errors: INVALID_ARGUMENT, with the path of the field at fault; NOT_FOUND for a shared buffer that
// is not among `buffers`.
absl::StatusOr<DecodedRequest> DecodeRequest(const grpc::ByteBuffer& bytes, const Limits& limits,
                                             const SharedBuffers& buffers);

struct DecodedHeader {
  EvaluationRequest evaluation;  // payloads follow; views into `storage`
  std::shared_ptr<const void> storage;
};

// Does what DecodeRequest does for the first message of a stream. The whole input may have any
// size.
absl::StatusOr<DecodedHeader> DecodeHeader(const grpc::ByteBuffer& bytes, const Limits& limits,
                                           const SharedBuffers& buffers);

// Does so for any later message; the fields lie in `bytes`.
absl::StatusOr<ChunkMessage> DecodeChunk(grpc::ByteBuffer* bytes, const Limits& limits);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_WIRE_REQUEST_H_
