#include "client/cpp/client/result_memory.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cpp/client/field_error.h"

namespace rectifier::client {
namespace {

std::string PathOf(const Evaluation& evaluation, const Destination& destination) {
  const auto index = &destination - evaluation.destinations.data();
  return absl::StrCat("evaluations[0].destinations[", index, "]");
}

// The tensor of `result` that `destination` is for, or null.
Tensor* FindResult(const Destination& destination, Result& result) {
  switch (destination.quantity) {
    case Quantity::kValue:
      return result.value.has_value() ? &*result.value : nullptr;
    case Quantity::kGradient:
      return destination.input < result.gradients.size() ? &result.gradients[destination.input]
                                                         : nullptr;
    case Quantity::kSecondDerivative:
      return result.second_derivative.has_value() ? &*result.second_derivative : nullptr;
    case Quantity::kParameterGradient:
      break;
  }
  const auto found = result.parameter_gradients.find(destination.parameter);
  return found == result.parameter_gradients.end() ? nullptr : &found->second;
}

// Whether `memory` may be filled while `tensor` is sent: results never overtake what they are of.
bool MayFill(absl::Span<const std::byte> memory, const Tensor& tensor) {
  const absl::Span<const std::byte> sent = tensor.bytes();
  if (sent.data() == memory.data()) return memory.size() <= sent.size();
  const std::less_equal<const std::byte*> ends_before;
  return ends_before(memory.data() + memory.size(), sent.data()) ||
         ends_before(sent.data() + sent.size(), memory.data());
}

bool MayFill(absl::Span<const std::byte> memory, const Evaluation& evaluation) {
  const auto may_fill = [memory](const Tensor& tensor) { return MayFill(memory, tensor); };
  return std::all_of(evaluation.inputs.begin(), evaluation.inputs.end(), may_fill) &&
         (!evaluation.upstream.has_value() || may_fill(*evaluation.upstream));
}

}  // namespace

const Destination* FindMemory(const Evaluation& evaluation, Quantity quantity, uint32_t input) {
  for (const Destination& destination : evaluation.destinations) {
    if (destination.memory.data() != nullptr && destination.quantity == quantity &&
        destination.input == input) {
      return &destination;
    }
  }
  return nullptr;
}

absl::Status CheckMemory(const Evaluation& evaluation, const Destination& destination,
                         size_t bytes) {
  if (destination.memory.size() == bytes) return absl::OkStatus();
  return FieldError(
      absl::StrCat(PathOf(evaluation, destination), ".memory"),
      absl::StrCat("it has ", destination.memory.size(), " bytes; the result has ", bytes),
      "PAYLOAD_LENGTH_MISMATCH");
}

absl::Status MoveToMemory(const Evaluation& evaluation, Result& result) {
  for (const Destination& destination : evaluation.destinations) {
    const absl::Span<std::byte> memory = destination.memory;
    if (memory.data() == nullptr) continue;
    Tensor* const tensor = FindResult(destination, result);
    if (tensor == nullptr) {
      return FieldError(PathOf(evaluation, destination),
                        "the evaluation has no such result; of a parameter gradient, give the "
                        "parameter's own name",
                        "NO_SUCH_RESULT");
    }
    const absl::Span<const std::byte> bytes = tensor->bytes();
    if (bytes.data() == memory.data()) continue;  // it came there
    if (absl::Status status = CheckMemory(evaluation, destination, bytes.size()); !status.ok()) {
      return status;
    }
    if (!bytes.empty()) std::memcpy(memory.data(), bytes.data(), bytes.size());
    *tensor = *Tensor::View(tensor->type(), tensor->shape(), memory, nullptr);
  }
  return absl::OkStatus();
}

absl::StatusOr<ResultBytes> ResultBytes::Make(const Evaluation& evaluation, Quantity quantity,
                                              uint32_t input, ElementType type,
                                              const Shape& shape) {
  ResultBytes made;
  made.type_ = type;
  made.shape_ = shape;
  const size_t size = static_cast<size_t>(ElementCount(shape).value_or(0)) * SizeOf(type);
  if (const Destination* const destination = FindMemory(evaluation, quantity, input)) {
    if (absl::Status status = CheckMemory(evaluation, *destination, size); !status.ok()) {
      return status;
    }
    if (MayFill(destination->memory, evaluation)) {
      made.bytes_ = destination->memory;
      return made;
    }
  }
  std::shared_ptr<std::byte[]> owner = std::make_shared_for_overwrite<std::byte[]>(size);
  made.bytes_ = absl::MakeSpan(owner.get(), size);
  made.owner_ = std::move(owner);
  return made;
}

absl::Status ResultBytes::Append(const std::string& bytes) {
  if (bytes.size() > bytes_.size() - filled_) {
    return absl::InternalError("the server sent more of a result than its shape has");
  }
  if (!bytes.empty()) std::memcpy(bytes_.data() + filled_, bytes.data(), bytes.size());
  filled_ += bytes.size();
  return absl::OkStatus();
}

absl::StatusOr<Tensor> ResultBytes::Finish() && {
  if (filled_ != bytes_.size()) {
    return absl::InternalError("the server sent less of a result than its shape has");
  }
  return Tensor::View(type_, shape_, bytes_, owner_);
}

}  // namespace rectifier::client
