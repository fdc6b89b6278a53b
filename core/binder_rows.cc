// How a Binder lays rows and pairs out in the input.
#include "core/binder.h"

#include <algorithm>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/argument_check.h"
#include "core/field_error.h"
#include "core/number_text.h"

namespace rectifier {
namespace {

// The axes that `numbers` name, counted from the front. Of an element of a tensor an error tells
// the index, too.
absl::StatusOr<Shape> ReadAxes(const std::vector<double>& numbers, const std::string& path,
                               bool is_tensor, int64_t rank) {
  if (numbers.empty()) {
    return FieldError({path, "there are no axes in the tensor; give at least one", "NO_AXES"});
  }
  Shape axes;
  const int64_t choices = std::max<int64_t>(rank, 1);  // rank 0 allows -1 and 0, as NumPy does
  for (size_t i = 0; i < numbers.size(); ++i) {
    const double number = numbers[i];
    const std::string which = is_tensor ? absl::StrCat("element ", i, ": ") : "";
    const auto element = is_tensor ? std::optional<int64_t>(i) : std::nullopt;
    if (number < static_cast<double>(-choices) || number >= static_cast<double>(choices)) {
      return FieldError(
          {path,
           absl::StrCat(which, NumberText(number), " is out of range; the input of rank ", rank,
                        " allows ", -choices, " to ", choices - 1),
           "AXIS_OUT_OF_RANGE", element});
    }
    const auto axis =
        static_cast<int64_t>(number < 0 ? number + static_cast<double>(choices) : number);
    if (std::find(axes.begin(), axes.end(), axis) != axes.end()) {
      return FieldError(
          {path,
           absl::StrCat(which, NumberText(number), " is axis ", axis, ", which is named already"),
           "DUPLICATE_AXIS", element});
    }
    axes.push_back(axis);
  }
  if (rank == 0) axes.clear();
  return axes;
}

}  // namespace

absl::StatusOr<int64_t> Binder::BindAxis() {
  const size_t index = *FindParameter(kAxisParameter);
  const std::string path = given_[index] || !input_shape().empty()
                               ? ArgumentPath(given_[index] ? given_[index]->name : kAxisParameter)
                               : "inputs[0]";
  absl::StatusOr<int64_t> axis = CheckAxis(Number(kAxisParameter), path);
  if (!axis.ok()) return axis;
  const Shape& shape = input_shape();
  evaluation_.outer = *ElementCount(absl::MakeConstSpan(shape).subspan(0, *axis));
  evaluation_.length = shape[*axis];
  evaluation_.inner = *ElementCount(absl::MakeConstSpan(shape).subspan(*axis + 1));
  return axis;
}

absl::Status Binder::BindRows() {
  output_shape_ = input_shape();
  switch (spec().row_shape) {
    case RowShape::kKeep:
    case RowShape::kReduce:
      return BindRowsAlongAxes();
    case RowShape::kGroups:
      return BindGroups();
    case RowShape::kTwice:
      break;
  }
  return BindTwice();
}

absl::Status Binder::BindRowsAlongAxes() {
  const absl::StatusOr<Shape> axes = BindAxes();
  if (!axes.ok()) return axes.status();
  evaluation_.rows = LayOutRows(input_shape(), *axes);
  evaluation_.row_shape = input_shape();
  for (const int64_t axis : *axes) evaluation_.row_shape[axis] = 1;
  if (absl::Status status = BindArguments(); !status.ok()) return status;
  if (spec().row_shape == RowShape::kKeep) return absl::OkStatus();
  output_shape_ = evaluation_.row_shape;
  if (Word(kKeepDimsParameter) == "true") return absl::OkStatus();
  output_shape_.clear();
  for (size_t i = 0; i < input_shape().size(); ++i) {
    const bool is_axis =
        std::find(axes->begin(), axes->end(), static_cast<int64_t>(i)) != axes->end();
    if (!is_axis) output_shape_.push_back(input_shape()[i]);
  }
  return absl::OkStatus();
}

absl::StatusOr<Shape> Binder::BindAxes() const {
  const size_t index = *FindParameter(kAxisParameter);
  const Argument* const given = given_[index];
  const auto rank = static_cast<int64_t>(input_shape().size());
  const bool all =
      given ? std::holds_alternative<absl::string_view>(given->value) : Default(index) == kAllAxes;
  if (all) {
    Shape axes;
    for (int64_t axis = 0; axis < rank; ++axis) axes.push_back(axis);
    return axes;
  }
  const bool is_tensor = given && std::holds_alternative<TensorView>(given->value);
  const std::string path =
      ArgumentPath(given ? given->name : kAxisParameter) + (is_tensor ? ".tensor" : "");
  const std::vector<double> numbers =
      given ? NumbersOf(*given) : std::vector<double>{Default(index)};
  return ReadAxes(numbers, path, is_tensor, rank);
}

absl::Status Binder::BindGroups() {
  if (absl::Status status = BindArguments(); !status.ok()) return status;
  absl::StatusOr<int64_t> axis = BindAxis();
  if (!axis.ok()) return axis.status();
  const int64_t pieces = Integer(kPiecesParameter);
  if (evaluation_.length % pieces != 0) {
    return FieldError({ArgumentPath(kPiecesParameter),
                       absl::StrCat(NumberText(Number(kPiecesParameter)),
                                    " does not divide the axis of ", evaluation_.length),
                       "AXIS_NOT_DIVISIBLE"});
  }
  output_shape_[*axis] = evaluation_.length / pieces;
  evaluation_.rows =
      RowLayout::Plain(evaluation_.outer * output_shape_[*axis], pieces, evaluation_.inner);
  return absl::OkStatus();
}

absl::Status Binder::BindTwice() {
  if (absl::Status status = BindArguments(); !status.ok()) return status;
  absl::StatusOr<int64_t> axis = BindAxis();
  if (!axis.ok()) return axis.status();
  output_shape_[*axis] *= 2;
  evaluation_.rows = RowLayout::Plain(evaluation_.outer, 1, evaluation_.inner * evaluation_.length);
  return absl::OkStatus();
}

absl::Status Binder::BindPairs() {
  for (size_t i = 0; i < given_.size(); ++i) {
    if (spec().parameters[i].type != ParameterType::kNumber) continue;
    BoundArgument& bound = evaluation_.arguments.emplace_back();
    bound.number = given_[i] ? std::get<double>(given_[i]->value) : Default(i);
  }
  evaluation_.gate_first = Word(kGateParameter) == "first";
  evaluation_.interleaved = Word(kLayoutParameter) == "interleaved";
  output_shape_ = input_shape();
  if (evaluation_.inputs.size() == 2) {
    for (absl::string_view name : {kAxisParameter, kLayoutParameter}) {
      if (given_[*FindParameter(name)] == nullptr) continue;
      return FieldError({ArgumentPath(given_[*FindParameter(name)]->name),
                         "applies to one tensor that is split, not to two inputs",
                         "ARGUMENT_NOT_APPLICABLE"});
    }
    evaluation_.inner = *ElementCount(output_shape_);
    return absl::OkStatus();
  }
  absl::StatusOr<int64_t> axis = BindAxis();
  if (!axis.ok()) return axis.status();
  if (evaluation_.length % 2 != 0) {
    return FieldError({"inputs[0]",
                       absl::StrCat("axis ", *axis, " of shape ", ShapeText(input_shape()),
                                    " has odd size; it cannot be split into gate and value"),
                       "AXIS_NOT_DIVISIBLE"});
  }
  evaluation_.length /= 2;
  output_shape_[*axis] = evaluation_.length;
  return absl::OkStatus();
}

}  // namespace rectifier
