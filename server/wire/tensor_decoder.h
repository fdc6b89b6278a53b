// The tensors of a request become core's views.
#ifndef RECTIFIER_SERVER_WIRE_TENSOR_DECODER_H_
#define RECTIFIER_SERVER_WIRE_TENSOR_DECODER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/tensor_view.h"
#include "google/protobuf/arena.h"
#include "grpcpp/support/byte_buffer.h"
#include "rectifier/v1/activation.pb.h"
#include "server/limits.h"
#include "server/shared_memory/shared_buffers.h"
#include "server/wire/request.h"
#include "server/wire/request_parser.h"

namespace rectifier {

// What the views of a DecodedRequest point into.
struct Storage {
  explicit Storage(const grpc::ByteBuffer& request) : bytes(request) {}

  grpc::ByteBuffer bytes;  // shares gRPC's slices
  google::protobuf::Arena arena;
  std::vector<DataField> data;                      // by tensor
  std::vector<std::shared_ptr<const void>> leases;  // of shared buffers
  // Payloads that were given as `values`, in their element type, or that had to be put together.
  std::deque<std::vector<std::byte>> copies;
};

struct DecodedTensor {
  TensorView view;
  PayloadForm form = PayloadForm::kData;
  bool is_shared = false;  // with the caller, in a shared buffer
};

// A view of `payload` as a tensor of `shape`.
inline TensorView MakeView(absl::Span<const int64_t> shape, ElementType type,
                           const Payload& payload) {
  return {.type = type, .shape = Shape(shape.begin(), shape.end()), .data = payload};
}

// The number of elements of a tensor of `shape`, at most `limit`. Errors: INVALID_ARGUMENT, about
// `shape`.
absl::StatusOr<int64_t> CountElements(absl::Span<const int64_t> shape, const Limits& limits,
                                      int64_t limit);

// Errors of all functions: INVALID_ARGUMENT, with the path of the field at fault; NOT_FOUND for a
// shared buffer that is not there.
class TensorDecoder {
 public:
  // All of these must outlive the decoder. What views point into comes into `storage`.
  TensorDecoder(const Limits& limits, const SharedBuffers& buffers, Storage* storage)
      : limits_(limits), buffers_(buffers), storage_(storage) {}

  // The tensors of `message`, whose payloads lie in the storage.
  absl::Status Decode(const v1::EvaluateRequest& message);

  const std::vector<DecodedTensor>& tensors() const { return tensors_; }
  size_t region_bytes() const { return region_bytes_; }  // of tensors in shared buffers

  absl::StatusOr<const DecodedTensor*> Find(const std::string& path, uint32_t index) const;

  // A tensor as an argument: in one piece, as arguments are read at random, and out of reach of its
  // caller, who may write to a shared buffer at any time while what is checked must not change any
  // more. It is copied at most once, however many evaluations have it, and all copies together have
  // at most --max_message_bytes. Errors: also INVALID_ARGUMENT where they would have more.
  absl::StatusOr<TensorView> FindArgument(const std::string& path, uint32_t index);

  static absl::StatusOr<ElementType> DecodeElementType(v1::ElementType type);

  // The memory that a caller names, for as long as the request lives.
  absl::StatusOr<absl::Span<std::byte>> FindRegion(const v1::BufferRegion& region) const;

 private:
  // The payload in one piece: itself, or a copy of its pieces.
  Payload MakeWhole(const Payload& payload) const {
    return payload.is_whole() ? payload : Copy(payload);
  }
  Payload Copy(const Payload& payload) const;

  absl::StatusOr<DecodedTensor> DecodeTensor(const v1::Tensor& tensor, const DataField& data);
  absl::StatusOr<DecodedTensor> DecodeVector(const v1::Tensor& tensor);
  absl::StatusOr<DecodedTensor> DecodeData(const v1::Tensor& tensor, const DataField& data,
                                           int64_t count);
  absl::StatusOr<DecodedTensor> DecodeRegion(const v1::Tensor& tensor, int64_t count);
  absl::StatusOr<DecodedTensor> DecodeValues(const v1::Tensor& tensor, int64_t count);

  const Limits& limits_;
  const SharedBuffers& buffers_;
  Storage* storage_;
  std::vector<DecodedTensor> tensors_;
  size_t region_bytes_ = 0;
  std::vector<std::optional<Payload>> arguments_;  // by tensor, of those that are arguments
  size_t copied_ = 0;                              // bytes of these
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_WIRE_TENSOR_DECODER_H_
