#include "client/cpp/files/slice.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

namespace rectifier::client {
namespace {

Shape Without(Shape shape, size_t axis) {
  shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(axis));
  return shape;
}

absl::Status CheckInputs(const std::vector<Tensor>& inputs) {
  for (const Tensor& input : inputs) {
    if (input.shape() != inputs.front().shape()) {
      return absl::InvalidArgumentError(absl::StrCat("inputs: their shapes ",
                                                     ToString(inputs.front().shape()), " and ",
                                                     ToString(input.shape()), " differ"));
    }
  }
  return absl::OkStatus();
}

// What becomes of the axis is left to the server to check; all else is the input's.
absl::Status CheckUpstream(const Shape& upstream, const Shape& input, RowAxis axis) {
  Shape given = upstream;
  Shape expected = input;
  if (axis.has_value()) {
    if (given.size() == expected.size()) given = Without(given, *axis);
    expected = Without(expected, *axis);
  }
  if (given == expected) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("upstream: its shape ", ToString(upstream),
                                                 " does not match the input's, ", ToString(input)));
}

// A parameter gradient comes in the type of its argument: `is_widened` keeps that of a piece exact
// until those of all pieces are added.
absl::StatusOr<Argument> SliceArgument(const Argument& argument, const Box& piece,
                                       const Shape& input, bool is_widened) {
  const auto* tensor = std::get_if<Tensor>(&argument.value);
  if (tensor == nullptr) return argument;
  const absl::StatusOr<Box> box = ArgumentBox(piece, input, tensor->shape(), argument.axis);
  if (!box.ok()) return box.status();
  const Tensor sliced = Gather(*tensor, *box);
  return Argument(is_widened ? sliced.As(ElementType::kFloat64) : sliced, argument.axis);
}

}  // namespace

Box OutputBox(const Box& piece, RowAxis axis, const Shape& output) {
  if (!axis.has_value()) return piece;
  if (output.size() < piece.count.size()) {  // the axis is removed
    return {.start = Without(piece.start, *axis), .count = Without(piece.count, *axis)};
  }
  Box box = piece;
  box.count[*axis] = output[*axis];
  return box;
}

Shape OutputShape(const Shape& input, RowAxis axis, const Shape& piece_output) {
  if (!axis.has_value()) return input;
  if (piece_output.size() < input.size()) return Without(input, *axis);
  Shape output = input;
  output[*axis] = piece_output[*axis];
  return output;
}

absl::StatusOr<Box> ArgumentBox(const Box& piece, const Shape& input, const Shape& shape,
                                std::optional<int32_t> along) {
  const auto input_rank = static_cast<int64_t>(input.size());
  const auto rank = static_cast<int64_t>(shape.size());
  int64_t first = input_rank - rank;  // the dimension of the input that dimension 0 meets
  if (along.has_value()) first = *along < 0 ? *along + input_rank : *along;
  bool fits = first >= 0 && first + rank <= input_rank && (rank == 1 || !along.has_value());
  Box box = WholeBox(shape);
  for (int64_t i = 0; fits && i < rank; ++i) {
    if (shape[i] == 1) continue;  // broadcast
    fits = shape[i] == input[first + i];
    box.start[i] = piece.start[first + i];
    box.count[i] = piece.count[first + i];
  }
  if (fits) return box;
  return absl::InvalidArgumentError(absl::StrCat(
      "a tensor of shape ", ToString(shape), " does not fit the input's shape ", ToString(input),
      along.has_value() ? absl::StrCat(" along axis ", *along) : " by broadcasting"));
}

absl::StatusOr<Evaluation> Slice(const Evaluation& whole, const Box& piece, RowAxis axis) {
  if (absl::Status status = CheckInputs(whole.inputs); !status.ok()) return status;
  const Shape& input = whole.inputs.front().shape();
  if (!whole.destinations.empty()) {
    return absl::InvalidArgumentError(
        "destinations: given; an evaluation in pieces has none, for they are of whole results");
  }
  Evaluation slice{
      .activation = whole.activation, .preset = whole.preset, .quantities = whole.quantities};
  for (const Tensor& tensor : whole.inputs) slice.inputs.push_back(Gather(tensor, piece));
  if (whole.upstream.has_value()) {
    const Shape& upstream = whole.upstream->shape();
    if (absl::Status status = CheckUpstream(upstream, input, axis); !status.ok()) return status;
    slice.upstream = Gather(*whole.upstream, OutputBox(piece, axis, upstream));
  }
  const bool is_widened = std::find(whole.quantities.begin(), whole.quantities.end(),
                                    Quantity::kParameterGradient) != whole.quantities.end();
  for (const auto& [name, argument] : whole.arguments) {
    absl::StatusOr<Argument> sliced = SliceArgument(argument, piece, input, is_widened);
    if (!sliced.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("activation.arguments[\"", name, "\"]: ", sliced.status().message()));
    }
    slice.arguments.emplace(name, *std::move(sliced));
  }
  return slice;
}

}  // namespace rectifier::client
