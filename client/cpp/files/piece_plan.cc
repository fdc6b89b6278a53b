#include "client/cpp/files/piece_plan.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/cpp/client/catalogue.h"

namespace rectifier::client {
namespace {

constexpr absl::string_view kAxisParameter = "axis";
// Names, shapes and framing of a request or reply, beside the elements.
constexpr uint64_t kMessageOverhead = 4096;
constexpr uint64_t kPreferredBytes = uint64_t{16} << 20;

// Whether the argument is the word for all axes, or a tensor of more than one, or whether that word
// is the default.
bool NamesSeveralAxes(const v1::ActivationDescription& activation,
                      const v1::ParameterDescription& parameter, const Evaluation& evaluation) {
  const Argument* const argument = FindArgument(parameter, evaluation);
  if (argument == nullptr) {
    const v1::Preset* const preset = FindPreset(activation, parameter, evaluation);
    return preset != nullptr ? !preset->word().empty() : !parameter.default_word().empty();
  }
  const auto* tensor = std::get_if<Tensor>(&argument->value);
  return tensor != nullptr ? tensor->size() != 1
                           : std::holds_alternative<std::string>(argument->value);
}

// What one element of the input costs, at most.
struct BytesPerElement {
  uint64_t request = 0;
  uint64_t reply = 0;
};

BytesPerElement CountBytes(const Evaluation& evaluation, ElementType type, int64_t values) {
  const uint64_t size = SizeOf(type);
  const uint64_t inputs = evaluation.inputs.size();
  BytesPerElement bytes{.request = size * inputs};
  if (evaluation.upstream.has_value()) {
    const int64_t of_input = std::max<int64_t>(evaluation.inputs.front().size(), 1);
    values = std::max<int64_t>((evaluation.upstream->size() + of_input - 1) / of_input, 1);
    bytes.request += size * static_cast<uint64_t>(values);
  }
  for (Quantity quantity : evaluation.quantities) {
    uint64_t tensors = 1;
    if (quantity == Quantity::kValue) tensors = static_cast<uint64_t>(values);
    if (quantity == Quantity::kGradient) tensors = inputs;
    if (quantity != Quantity::kParameterGradient) bytes.reply += size * tensors;
  }
  const bool with_gradients =
      std::find(evaluation.quantities.begin(), evaluation.quantities.end(),
                Quantity::kParameterGradient) != evaluation.quantities.end();
  for (const auto& [name, argument] : evaluation.arguments) {
    const auto* tensor = std::get_if<Tensor>(&argument.value);
    if (tensor == nullptr) continue;
    // Slices have the same type.
    const ElementType argument_type = with_gradients ? ElementType::kFloat64 : tensor->type();
    bytes.request += SizeOf(argument_type);
    if (with_gradients) bytes.reply += SizeOf(argument_type);
  }
  return bytes;
}

}  // namespace

absl::StatusOr<RowAxis> FindRowAxis(const v1::ActivationDescription& activation,
                                    const Evaluation& evaluation) {
  if (activation.kind() == v1::ACTIVATION_KIND_ELEMENTWISE || evaluation.inputs.size() > 1) {
    return std::nullopt;
  }
  const Shape& shape = evaluation.inputs.front().shape();
  const auto rank = static_cast<double>(shape.size());
  for (const v1::ParameterDescription& parameter : activation.parameters()) {
    if (parameter.name() != kAxisParameter) continue;
    if (NamesSeveralAxes(activation, parameter, evaluation)) {
      return absl::InvalidArgumentError(
          absl::StrCat("activation.arguments[\"", kAxisParameter,
                       "\"]: an input that outgrows one call is cut between the rows of one axis; "
                       "along several axes it has to fit one call"));
    }
    const double axis = FindNumber(activation, parameter, evaluation);
    const double from_front = axis < 0 ? axis + rank : axis;
    if (from_front >= 0 && from_front < rank) return static_cast<size_t>(from_front);
    return absl::InvalidArgumentError(
        absl::StrCat("activation.arguments[\"", kAxisParameter, "\"]: ", axis,
                     " is not an axis of the input, whose shape is ", ToString(shape)));
  }
  return absl::InternalError(
      absl::StrCat("the server describes ", activation.name(), " without an axis"));
}

CallCapacity FindCallCapacity(const Evaluation& evaluation, ElementType type,
                              const v1::Limits& limits, int64_t values) {
  const BytesPerElement bytes = CountBytes(evaluation, type, values);
  const uint64_t both = bytes.request + bytes.reply;
  const uint64_t larger = std::max(bytes.request, bytes.reply);
  const uint64_t message =
      limits.max_message_bytes() - std::min(limits.max_message_bytes(), kMessageOverhead);
  const uint64_t limit =
      std::min({limits.max_elements(), message / larger, limits.max_inflight_bytes() / both});
  return {.limit = static_cast<int64_t>(limit),
          .preferred = static_cast<int64_t>(std::min(limit, kPreferredBytes / both))};
}

absl::StatusOr<PiecePlan> PiecePlan::Make(Shape shape, RowAxis axis, CallCapacity capacity,
                                          Pieces pieces) {
  const auto is_whole = [&](size_t i) {
    return axis.has_value() && (i == *axis || (pieces == Pieces::kContiguous && i > *axis));
  };
  int64_t row = 1;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (is_whole(i)) row *= std::max<int64_t>(shape[i], 1);
  }
  if (row > capacity.limit) {
    return absl::InvalidArgumentError(
        absl::StrCat("one row of the input has ", row,
                     " elements and cannot be cut, but the server's limits "
                     "allow only ",
                     capacity.limit, " a call: raise its --max_message_bytes"));
  }
  int64_t budget = std::max<int64_t>(capacity.preferred / row, 1);  // rows in a piece
  PiecePlan plan;
  plan.block_ = shape;
  plan.grid_ = Shape(shape.size(), 1);
  for (size_t i = shape.size(); i-- > 0;) {
    if (is_whole(i) || shape[i] == 0) continue;
    const int64_t count = (shape[i] + budget - 1) / budget;
    plan.block_[i] = (shape[i] + count - 1) / count;
    plan.grid_[i] = (shape[i] + plan.block_[i] - 1) / plan.block_[i];
    plan.size_ *= plan.grid_[i];
    budget = std::max<int64_t>(budget / plan.block_[i], 1);
  }
  plan.shape_ = std::move(shape);
  return plan;
}

Box PiecePlan::operator[](int64_t i) const {
  Box piece = WholeBox(shape_);
  for (size_t dimension = shape_.size(); dimension-- > 0;) {
    piece.start[dimension] = i % grid_[dimension] * block_[dimension];
    piece.count[dimension] =
        std::min(block_[dimension], shape_[dimension] - piece.start[dimension]);
    i /= grid_[dimension];
  }
  return piece;
}

}  // namespace rectifier::client
