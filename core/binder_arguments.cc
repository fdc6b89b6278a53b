// The arguments of a Binder.
#include "core/binder.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/argument_check.h"
#include "core/field_error.h"
#include "core/naming.h"
#include "core/number_text.h"

namespace rectifier {
namespace {

int64_t StrideOf(const BoundArgument& argument, size_t dimension) {
  return argument.tensor ? argument.strides[dimension] : 0;
}

double NumberAt(const BoundArgument& argument, int64_t offset) {
  if (!argument.tensor) return argument.number;
  const TensorView& tensor = *argument.tensor;
  return LoadElement(tensor.type,
                     tensor.data.data() + offset * static_cast<int64_t>(SizeOf(tensor.type)));
}

// Of an argument's elements that meet the same elements of `other`, the one that comes first. There
// is one for each place in the dimensions along which both move, in row-major order: what moves
// along others is met by every element of them. The time is that of reading the argument once.
template <class Order>
std::vector<double> ExtremesOf(const BoundArgument& argument, const BoundArgument& other,
                               const Shape& shape, Order comes_first) {
  Shape own = shape;  // along which the argument moves
  int64_t places = 1;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (StrideOf(argument, i) == 0) own[i] = 1;
    if (StrideOf(argument, i) != 0 && StrideOf(other, i) != 0) places *= shape[i];
  }
  std::vector<std::optional<double>> found(static_cast<size_t>(places));
  const int64_t count = *ElementCount(own);
  for (int64_t element = 0; element < count; ++element) {
    int64_t rest = element, offset = 0, place = 0, stride = 1;
    for (size_t i = own.size(); i-- > 0; rest /= own[i]) {
      const int64_t index = rest % own[i];
      offset += index * StrideOf(argument, i);
      if (StrideOf(argument, i) == 0 || StrideOf(other, i) == 0) continue;
      place += index * stride;
      stride *= shape[i];
    }
    const double number = NumberAt(argument, offset);
    std::optional<double>& first = found[static_cast<size_t>(place)];
    if (!first || comes_first(number, *first)) first = number;
  }
  std::vector<double> extremes;
  extremes.reserve(found.size());
  for (const std::optional<double>& number : found) extremes.push_back(*number);
  return extremes;
}

// Of a vector: the axes of the input along which it could run.
std::string AxisHint(const Shape& shape, const Shape& input) {
  if (shape.size() != 1) return "";
  std::vector<size_t> axes;
  for (size_t i = 0; i < input.size(); ++i) {
    if (input[i] == shape[0]) axes.push_back(i);
  }
  return axes.empty() ? ""
                      : absl::StrCat("; with `axis` ", absl::StrJoin(axes, " or "), " it would");
}

}  // namespace

absl::Status Binder::MatchArguments() {
  given_.assign(spec().parameters.size(), nullptr);
  for (const Argument& argument : request_.arguments) {
    const std::optional<size_t> index = FindParameter(argument.name);
    if (!index) return UnknownParameter(argument.name);
    if (given_[*index] != nullptr) {
      return FieldError({ArgumentPath(argument.name),
                         absl::StrCat("parameter ", Quoted(spec().parameters[*index].name),
                                      " is given twice, also as ", Quoted(given_[*index]->name)),
                         "DUPLICATE_ARGUMENT"});
    }
    given_[*index] = &argument;
    if (absl::Status status = CheckArgument(spec(), kind(), spec().parameters[*index], argument);
        !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

std::optional<size_t> Binder::FindParameter(absl::string_view name) const {
  for (size_t i = 0; i < spec().parameters.size(); ++i) {
    const Parameter& parameter = spec().parameters[i];
    if (parameter.name == name || std::find(parameter.aliases.begin(), parameter.aliases.end(),
                                            name) != parameter.aliases.end()) {
      return i;
    }
  }
  return std::nullopt;
}

absl::Status Binder::UnknownParameter(absl::string_view name) const {
  std::vector<absl::string_view> names;
  for (const Parameter& parameter : spec().parameters) {
    names.push_back(parameter.name);
    names.insert(names.end(), parameter.aliases.begin(), parameter.aliases.end());
  }
  const absl::string_view nearest = NearestName(name, names);
  const std::string hint = HintOn(spec(), name);
  std::string description = absl::StrCat(spec().name, " has no parameter ", Quoted(name));
  if (!hint.empty()) {
    absl::StrAppend(&description, "; ", hint);
  } else if (!nearest.empty()) {
    absl::StrAppend(&description, "; did you mean ", Quoted(nearest), "?");
  } else if (names.empty()) {
    absl::StrAppend(&description, "; it has none");
  } else {
    absl::StrAppend(
        &description, "; it has ",
        absl::StrJoin(spec().parameters, ", ", [](std::string* out, const Parameter& parameter) {
          absl::StrAppend(out, parameter.name);
        }));
  }
  return FieldError({ArgumentPath(name), std::move(description), "UNKNOWN_PARAMETER"});
}

double Binder::Default(size_t index) const {
  const Parameter& parameter = spec().parameters[index];
  const Setting setting = DefaultOf(*named_, name_, preset_, parameter.name);
  if (setting.kind != Setting::Kind::kWord) return setting.number;
  if (parameter.type == ParameterType::kAxes) return kAllAxes;
  return static_cast<double>(
      std::find(parameter.words.begin(), parameter.words.end(), setting.word) -
      parameter.words.begin());
}

absl::Status Binder::BindArguments() {
  for (size_t i = 0; i < given_.size(); ++i) {
    BoundArgument bound{.number = Default(i), .given = given_[i] != nullptr};
    if (given_[i] != nullptr) {
      if (spec().parameters[i].type == ParameterType::kSeed) {
        bound.draws = {.seed = static_cast<uint64_t>(std::get<double>(given_[i]->value)),
                       .offset = static_cast<uint64_t>(Integer(kOffsetParameter))};
      } else if (spec().parameters[i].type == ParameterType::kAxes) {
        // The layout of the rows has taken them.
      } else if (const auto* const number = std::get_if<double>(&given_[i]->value)) {
        bound.number = *number;
      } else if (const auto* const word = std::get_if<absl::string_view>(&given_[i]->value)) {
        const List<absl::string_view, 4>& words = spec().parameters[i].words;
        bound.number =
            static_cast<double>(std::find(words.begin(), words.end(), *word) - words.begin());
      } else if (absl::Status status = BindTensor(*given_[i], ShapeMetBy(i), bound); !status.ok()) {
        return status;
      }
    }
    evaluation_.arguments.push_back(std::move(bound));
  }
  return CheckOrder();
}

absl::Status Binder::CheckOrder() const {
  for (size_t i = 0; i < given_.size(); ++i) {
    const absl::string_view bound = spec().parameters[i].at_most;
    if (bound.empty()) continue;
    if (absl::Status status = CheckOrder(i, *FindParameter(bound)); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Binder::CheckOrder(size_t low, size_t high) const {
  const BoundArgument& a = evaluation_.arguments[low];
  const BoundArgument& b = evaluation_.arguments[high];
  const Shape& shape = input_shape();
  if (*ElementCount(shape) == 0) return absl::OkStatus();  // nothing meets
  const std::vector<double> largest = ExtremesOf(a, b, shape, std::greater<>());
  const std::vector<double> smallest = ExtremesOf(b, a, shape, std::less<>());
  for (size_t i = 0; i < largest.size(); ++i) {
    if (largest[i] <= smallest[i]) continue;
    const size_t named = given_[low] != nullptr ? low : high;
    return FieldError(
        {ArgumentPath(given_[named] ? given_[named]->name : spec().parameters[named].name),
         absl::StrCat(spec().parameters[low].name, " is ", NumberText(largest[i]),
                      ", which is more than ", spec().parameters[high].name, ", ",
                      NumberText(smallest[i])),
         "ARGUMENT_OUT_OF_RANGE"});
  }
  return absl::OkStatus();
}

bool Binder::IsBias(size_t index) const {
  return kind() == Kind::kRows && spec().parameters[index].name == kBiasParameter;
}

const Shape& Binder::ShapeMetBy(size_t index) const {
  const ArgumentShape shape = ShapeOfArgument(kind(), spec().parameters[index]);
  return shape == ArgumentShape::kRows ? evaluation_.row_shape : input_shape();
}

absl::Status Binder::BindTensor(const Argument& argument, const Shape& input,
                                BoundArgument& bound) const {
  const TensorView& tensor = std::get<TensorView>(argument.value);
  const std::string path = ArgumentPath(argument.name);
  const auto rank = static_cast<int64_t>(input.size());
  const auto tensor_rank = static_cast<int64_t>(tensor.shape.size());
  int64_t first = rank - tensor_rank;  // the input's dimension that the tensor's first meets
  if (argument.axis && tensor_rank != 1) {
    return FieldError({absl::StrCat(path, ".axis"),
                       absl::StrCat("needs a tensor of rank 1, not ", tensor_rank),
                       "AXIS_NEEDS_RANK_1"});
  }
  const std::optional<int64_t> along = argument.axis ? argument.axis : PresetAxis(argument);
  if (along) {
    absl::StatusOr<int64_t> axis =
        argument.axis ? CheckAxis(static_cast<double>(*along), absl::StrCat(path, ".axis"))
                      : CheckAxis(static_cast<double>(*along), absl::StrCat(path, ".tensor"),
                                  absl::StrCat("the preset ", preset_, " lets it run along axis ",
                                               *along, ", unless `axis` says otherwise; "));
    if (!axis.ok()) return axis.status();
    first = *axis;
  }
  const absl::string_view chosen =
      argument.axis || !along ? "" : absl::string_view(", which the preset chooses,");
  bound.strides.assign(input.size(), 0);
  int64_t stride = 1;
  bool fits = first >= 0;
  for (int64_t i = tensor_rank - 1; fits && i >= 0; --i) {
    const int64_t size = tensor.shape[i];
    fits = size == 1 || size == input[first + i];
    if (fits && size != 1) bound.strides[first + i] = stride;
    stride *= size;
  }
  if (!fits) {
    return FieldError({absl::StrCat(path, ".tensor"),
                       absl::StrCat("shape ", ShapeText(tensor.shape),
                                    along ? absl::StrCat(" along axis ", *along, chosen) : "",
                                    " does not broadcast to the input's ", ShapeText(input),
                                    input == input_shape() ? "" : ", with 1 along the axes",
                                    AxisHint(tensor.shape, input)),
                       "SHAPE_MISMATCH"});
  }
  bound.tensor = tensor;
  return absl::OkStatus();
}

std::optional<int64_t> Binder::PresetAxis(const Argument& argument) const {
  const Shape& shape = std::get<TensorView>(argument.value).shape;
  if (shape.size() != 1 || shape[0] == 1) return std::nullopt;
  const Parameter& parameter = spec().parameters[*FindParameter(argument.name)];
  return TensorAxisOf(*named_, name_, preset_, parameter.name);
}

absl::StatusOr<int64_t> Binder::CheckAxis(double axis, std::string path,
                                          absl::string_view reason) const {
  const auto rank = static_cast<int64_t>(input_shape().size());
  if (rank == 0) {
    return FieldError({std::move(path), absl::StrCat(reason, "the input has rank 0, hence no axis"),
                       "AXIS_OUT_OF_RANGE"});
  }
  if (axis < static_cast<double>(-rank) || axis >= static_cast<double>(rank)) {
    return FieldError(
        {std::move(path),
         absl::StrCat(reason, NumberText(axis), " is out of range; the input of rank ", rank,
                      " allows ", -rank, " to ", rank - 1),
         "AXIS_OUT_OF_RANGE"});
  }
  return static_cast<int64_t>(axis) + (axis < 0 ? rank : 0);
}

double Binder::Number(absl::string_view name) const {
  const size_t index = *FindParameter(name);
  return given_[index] ? std::get<double>(given_[index]->value) : Default(index);
}

int64_t Binder::Integer(absl::string_view name) const {
  const double value = Number(name);
  constexpr double kLimit = 0x1p53;  // beyond any axis or size, well within int64
  return static_cast<int64_t>(std::clamp(value, -kLimit, kLimit));
}

absl::string_view Binder::Word(absl::string_view name) const {
  const size_t index = *FindParameter(name);
  return given_[index] ? std::get<absl::string_view>(given_[index]->value)
                       : DefaultOf(*named_, name_, preset_, spec().parameters[index].name).word;
}

}  // namespace rectifier
