#include "server/wire/tensor_decoder.h"

#include <optional>
#include <span>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "core/api_names.h"
#include "core/field_error.h"
#include "server/wire/proto_enums.h"
#include "server/wire/violation.h"

namespace rectifier {
namespace {

// Payloads of up to so many bytes are put into one piece: copying them costs less than the care
// that pieces take.
constexpr size_t kSmallPayload = 4096;

// Numbers without a shape are a vector of as many; a single one is of rank 0, whose shape is
// written the same way.
bool IsVector(const v1::Tensor& tensor) {
  return tensor.shape().empty() && tensor.values_size() > 1;
}

}  // namespace

absl::Status TensorDecoder::Decode(const v1::EvaluateRequest& message) {
  for (int i = 0; i < message.tensors_size(); ++i) {
    absl::StatusOr<DecodedTensor> tensor =
        DecodeTensor(message.tensors(i), storage_->data[static_cast<size_t>(i)]);
    if (!tensor.ok()) return PrefixField(absl::StrFormat("tensors[%d].", i), tensor.status());
    tensor->is_shared = message.tensors(i).has_region();
    if (tensor->is_shared) region_bytes_ += tensor->view.data.size();
    tensors_.push_back(*std::move(tensor));
  }
  return absl::OkStatus();
}

absl::StatusOr<const DecodedTensor*> TensorDecoder::Find(const std::string& path,
                                                         uint32_t index) const {
  if (index < tensors_.size()) return &tensors_[index];
  return Violation(
      path, absl::StrFormat("there is no tensor %d; the request has %d", index, tensors_.size()),
      "INDEX_OUT_OF_RANGE");
}

absl::StatusOr<TensorView> TensorDecoder::FindArgument(const std::string& path, uint32_t index) {
  const absl::StatusOr<const DecodedTensor*> tensor = Find(path, index);
  if (!tensor.ok()) return tensor.status();
  TensorView view = (*tensor)->view;
  if (!(*tensor)->is_shared && view.data.is_whole()) return view;
  arguments_.resize(tensors_.size());
  std::optional<Payload>& copy = arguments_[index];
  if (!copy) {
    const size_t most = static_cast<size_t>(limits_.max_message_bytes) - copied_;
    if (view.data.size() > most) {
      return Violation(
          path,
          absl::StrFormat("the tensor has %d bytes; of tensors that have to be copied, "
                          "as arguments in shared buffers have, a request may have %d, "
                          "and %d are there already",
                          view.data.size(), limits_.max_message_bytes, copied_),
          "ARGUMENTS_TOO_LARGE");
    }
    copied_ += view.data.size();
    copy = Copy(view.data);
  }
  view.data = *copy;
  return view;
}

absl::StatusOr<int64_t> CountElements(absl::Span<const int64_t> shape, const Limits& limits,
                                      int64_t limit) {
  if (static_cast<int>(shape.size()) > limits.max_rank) {
    return Violation("shape",
                     absl::StrFormat("the rank is %d; this server's limit is %d",
                                     static_cast<int>(shape.size()), limits.max_rank),
                     "RANK_TOO_HIGH");
  }
  for (size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] < 0) {
      return Violation(absl::StrFormat("shape[%d]", d),
                       absl::StrFormat("%d is negative; a dimension is at least 0", shape[d]),
                       "NEGATIVE_DIMENSION");
    }
  }
  const std::optional<int64_t> count = ElementCount(shape);
  if (!count.has_value() || *count > limit) {
    return Violation("shape",
                     absl::StrFormat("[%s] has more than %d elements, this server's limit",
                                     absl::StrJoin(shape, ", "), limit),
                     "TOO_MANY_ELEMENTS");
  }
  return *count;
}

absl::StatusOr<ElementType> TensorDecoder::DecodeElementType(v1::ElementType type) {
  const std::optional<ElementType> known = FromProto(type);
  if (known.has_value()) return *known;
  constexpr ElementType kStored[] = {ElementType::kFloat64, ElementType::kFloat32,
                                     ElementType::kFloat16, ElementType::kBFloat16,
                                     ElementType::kBool};
  return Violation(
      "element_type",
      absl::StrFormat("%s; one of %s is needed", GivenText(v1::ElementType_Name(type), type),
                      ChoicesText(kStored)),
      "UNKNOWN_ELEMENT_TYPE");
}

absl::StatusOr<DecodedTensor> TensorDecoder::DecodeTensor(const v1::Tensor& tensor,
                                                          const DataField& data) {
  const absl::StatusOr<int64_t> count =
      CountElements(tensor.shape(), limits_, limits_.max_elements);
  if (!count.ok()) return count.status();
  const int payloads = !tensor.values().empty() + !data.empty() + tensor.has_region();
  if (payloads > 1) {
    return Violation(data.empty() ? "region" : "data",
                     "more than one of `values`, `data` and `region` is given; give exactly one",
                     "TWO_PAYLOADS");
  }
  if (*count > 0 && payloads == 0) {
    return Violation("data",
                     absl::StrFormat("there is no payload; shape [%s] needs %d elements in "
                                     "`values`, `data` or `region`",
                                     absl::StrJoin(tensor.shape(), ", "), *count),
                     "NO_PAYLOAD");
  }
  if (tensor.has_region()) return DecodeRegion(tensor, *count);
  if (IsVector(tensor)) return DecodeVector(tensor);
  // A zero-sized tensor has no payload to tell the form by.
  const bool is_values = !tensor.values().empty() ||
                         (data.empty() && tensor.element_type() == v1::ELEMENT_TYPE_UNSPECIFIED);
  return is_values ? DecodeValues(tensor, *count) : DecodeData(tensor, data, *count);
}

absl::StatusOr<DecodedTensor> TensorDecoder::DecodeVector(const v1::Tensor& tensor) {
  const int64_t count = tensor.values_size();
  if (count > limits_.max_elements) {
    return Violation("values",
                     absl::StrFormat("there are %d numbers; this server's limit is %d", count,
                                     limits_.max_elements),
                     "TOO_MANY_ELEMENTS");
  }
  absl::StatusOr<DecodedTensor> vector = DecodeValues(tensor, count);
  if (vector.ok()) vector->view.shape = {count};
  return vector;
}

absl::StatusOr<DecodedTensor> TensorDecoder::DecodeData(const v1::Tensor& tensor,
                                                        const DataField& data, int64_t count) {
  const absl::StatusOr<ElementType> type = DecodeElementType(tensor.element_type());
  if (!type.ok()) return type.status();
  const size_t expected = static_cast<size_t>(count) * SizeOf(*type);
  if (data.size() != expected) {
    return Violation(
        "data",
        absl::StrFormat("the payload has %d bytes; shape [%s] of %s needs %d", data.size(),
                        absl::StrJoin(tensor.shape(), ", "), ApiName(*type), expected),
        "PAYLOAD_LENGTH_MISMATCH");
  }
  const Payload payload = data.payload();
  return DecodedTensor{
      MakeView(tensor.shape(), *type, expected <= kSmallPayload ? MakeWhole(payload) : payload),
      PayloadForm::kData};
}

absl::StatusOr<DecodedTensor> TensorDecoder::DecodeRegion(const v1::Tensor& tensor, int64_t count) {
  const absl::StatusOr<ElementType> type = DecodeElementType(tensor.element_type());
  if (!type.ok()) return type.status();
  const size_t expected = static_cast<size_t>(count) * SizeOf(*type);
  if (tensor.region().length() != expected) {
    return Violation(
        "region.length",
        absl::StrFormat("%d bytes given; shape [%s] of %s needs %d", tensor.region().length(),
                        absl::StrJoin(tensor.shape(), ", "), ApiName(*type), expected),
        "PAYLOAD_LENGTH_MISMATCH");
  }
  const absl::StatusOr<absl::Span<std::byte>> bytes = FindRegion(tensor.region());
  if (!bytes.ok()) return bytes.status();
  return DecodedTensor{MakeView(tensor.shape(), *type, *bytes), PayloadForm::kData};
}

absl::StatusOr<absl::Span<std::byte>> TensorDecoder::FindRegion(
    const v1::BufferRegion& region) const {
  absl::StatusOr<SharedRegion> found =
      buffers_.Find(region.token(), region.offset(), region.length());
  if (!found.ok()) return found.status();
  storage_->leases.push_back(std::move(found->lease));
  return found->bytes;
}

absl::StatusOr<DecodedTensor> TensorDecoder::DecodeValues(const v1::Tensor& tensor, int64_t count) {
  ElementType type = ElementType::kFloat64;
  if (tensor.element_type() != v1::ELEMENT_TYPE_UNSPECIFIED) {
    const absl::StatusOr<ElementType> given = DecodeElementType(tensor.element_type());
    if (!given.ok()) return given.status();
    type = *given;
  }
  if (tensor.values_size() != count) {
    return Violation(
        "values",
        absl::StrFormat("there are %d numbers; shape [%s] needs %d", tensor.values_size(),
                        absl::StrJoin(tensor.shape(), ", "), count),
        "PAYLOAD_LENGTH_MISMATCH");
  }
  if (type == ElementType::kFloat64) {
    return DecodedTensor{
        MakeView(tensor.shape(), type, std::as_bytes(std::span(tensor.values().data(), count))),
        PayloadForm::kValues};
  }
  const size_t bytes = static_cast<size_t>(count) * SizeOf(type);
  std::vector<std::byte>& converted = storage_->copies.emplace_back(bytes);
  for (int64_t i = 0; i < count; ++i) {
    const double value = tensor.values(static_cast<int>(i));
    if (type == ElementType::kBool && value != 0 && value != 1) {
      return Violation(absl::StrFormat("values[%d]", i),
                       absl::StrFormat("%g is neither 0 nor 1, which a bool is", value),
                       "VALUE_OUT_OF_RANGE");
    }
    StoreElement(type, value, converted.data() + i * SizeOf(type));
  }
  return DecodedTensor{MakeView(tensor.shape(), type, converted), PayloadForm::kValues};
}

Payload TensorDecoder::Copy(const Payload& payload) const {
  std::vector<std::byte>& copy = storage_->copies.emplace_back(payload.size());
  payload.CopyTo(0, payload.size(), copy.data());
  return copy;
}

}  // namespace rectifier
