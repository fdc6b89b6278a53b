// This file has over 500 lines because it is one class, whose short steps share what has been bound
// so far.
#include "core/evaluation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "core/api_names.h"
#include "core/argument_check.h"
#include "core/field_error.h"
#include "core/naming.h"
#include "core/number_text.h"

namespace rectifier {
namespace {

std::string ShapeText(absl::Span<const int64_t> shape) {
  return absl::StrCat("[", absl::StrJoin(shape, ", "), "]");
}

// Beside a dimension of 0 the others may be large, and rows of no elements have results. Up to this
// product the bytes of all outputs can be counted in int64_t.
constexpr double kMaxProduct = 0x1p53;

absl::Status CheckProduct(const std::string& path, const Shape& shape) {
  double product = 1;
  for (const int64_t size : shape) product *= static_cast<double>(std::max<int64_t>(size, 1));
  if (product <= kMaxProduct) return absl::OkStatus();
  return FieldError({path,
                     absl::StrCat("the dimensions of ", ShapeText(shape), " other than 0 have the ",
                                  "product ", NumberText(product), "; at most 2^53 is allowed"),
                     "TOO_MANY_ELEMENTS"});
}

// Turns one request into an Evaluation; each step checks what it binds.
class Binder {
 public:
  Binder(const Catalogue& catalogue, const EvaluationRequest& request)
      : catalogue_(catalogue), request_(request) {}

  absl::StatusOr<Evaluation> Bind() {
    for (const auto step : {&Binder::BindActivation, &Binder::CheckPreset, &Binder::CheckQuantities,
                            &Binder::BindInputs, &Binder::MatchArguments, &Binder::BindShape,
                            &Binder::BindUpstream, &Binder::DescribeOutputs}) {
      if (absl::Status status = (this->*step)(); !status.ok()) return status;
    }
    return std::move(evaluation_);
  }

 private:
  const Spec& spec() const { return *evaluation_.activation->spec; }
  Kind kind() const { return evaluation_.activation->kind(); }
  const Shape& input_shape() const { return evaluation_.inputs[0].shape; }

  // The activation by the name given or, where the preset's framework means another one by it, that
  // one: all that follows is about the latter, except for the defaults.
  absl::Status BindActivation() {
    absl::StatusOr<const Activation*> found = catalogue_.Find(request_.activation);
    if (!found.ok()) {
      return FieldError(
          {"activation.name",
           absl::StrCat("no activation ", Quoted(request_.activation),
                        found.status().message().empty() ? "" : "; ", found.status().message()),
           "UNKNOWN_ACTIVATION"});
    }
    named_ = (*found)->spec;
    const QualifiedName full = Qualify(request_.activation);
    name_ = full.name;
    preset_ = request_.preset.empty() ? full.framework : request_.preset;
    const Variant* const variant = FindVariant(*named_, name_, preset_);
    evaluation_.activation = variant == nullptr ? *found : *catalogue_.Find(variant->activation);
    evaluation_.arrays = &catalogue_.arrays();
    return absl::OkStatus();
  }

  absl::Status CheckPreset() {
    if (request_.preset.empty() || std::find(std::begin(kFrameworks), std::end(kFrameworks),
                                             request_.preset) != std::end(kFrameworks)) {
      return absl::OkStatus();
    }
    return FieldError({"activation.preset",
                       absl::StrCat("no preset ", Quoted(request_.preset),
                                    "; allowed: ", absl::StrJoin(kFrameworks, ", ")),
                       "UNKNOWN_PRESET"});
  }

  absl::Status CheckQuantities() {
    for (Quantity quantity : kAllQuantities) {
      if (!request_.quantities.Has(quantity) || evaluation_.activation->quantities.Has(quantity)) {
        continue;
      }
      return FieldError({"quantities",
                         absl::StrCat(spec().name, " does not offer ", ApiName(quantity),
                                      "; it offers ", absl::StrJoin(OfferedQuantities(), ", ")),
                         "QUANTITY_NOT_OFFERED"});
    }
    return absl::OkStatus();
  }

  std::vector<std::string> OfferedQuantities() const {
    std::vector<std::string> names;
    for (const Quantity quantity : kAllQuantities) {
      if (evaluation_.activation->quantities.Has(quantity)) names.push_back(ApiName(quantity));
    }
    return names;
  }

  absl::Status BindInputs() {
    const size_t given = request_.inputs.size();
    const bool pairs = kind() == Kind::kPairs;
    if (given < 1 || given > (pairs ? 2 : 1)) {
      return FieldError(
          {"inputs",
           absl::StrCat(given, " given; ", spec().name, " takes ",
                        pairs ? "one (split along an axis) or two (gate and value)" : "one"),
           "WRONG_INPUT_COUNT"});
    }
    for (size_t i = 0; i < given; ++i) {
      const std::string path = absl::StrCat("inputs[", i, "]");
      absl::Status status =
          request_.payloads_follow ? absl::OkStatus() : CheckPayload(path, request_.inputs[i]);
      if (status.ok()) status = CheckProduct(path, request_.inputs[i].shape);
      if (!status.ok()) return status;
    }
    evaluation_.inputs.assign(request_.inputs.begin(), request_.inputs.end());
    evaluation_.type = evaluation_.inputs[0].type;
    if (evaluation_.type == ElementType::kBool) {
      return FieldError({"inputs[0]",
                         "ELEMENT_TYPE_BOOL is for masks; convert it to ELEMENT_TYPE_FLOAT32",
                         "ELEMENT_TYPE_NOT_OFFERED"});
    }
    if (given == 2) {
      const TensorView& second = evaluation_.inputs[1];
      if (absl::Status status = CheckMatches("inputs[1]", second, input_shape(), "the first's");
          !status.ok()) {
        return status;
      }
    }
    for (const TensorView& input : evaluation_.inputs) {
      evaluation_.elements += *ElementCount(input.shape);
    }
    return absl::OkStatus();
  }

  // `tensor` must have `shape` (described as `whose`) and the input's element type.
  absl::Status CheckMatches(absl::string_view path, const TensorView& tensor, const Shape& shape,
                            absl::string_view whose) const {
    if (tensor.type != evaluation_.type) {
      return FieldError({std::string(path),
                         absl::StrCat("element type ", ApiName(tensor.type),
                                      "; must be the input's, ", ApiName(evaluation_.type)),
                         "ELEMENT_TYPE_MISMATCH"});
    }
    if (tensor.shape != shape) {
      return FieldError({std::string(path),
                         absl::StrCat("shape ", ShapeText(tensor.shape), "; must be ", whose, ", ",
                                      ShapeText(shape)),
                         "SHAPE_MISMATCH"});
    }
    return absl::OkStatus();
  }

  // Pairs every argument with its parameter, and checks those arguments that need no shape.
  absl::Status MatchArguments() {
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
      if (absl::Status status = CheckArgument(kind(), spec().parameters[*index], argument);
          !status.ok()) {
        return status;
      }
    }
    return absl::OkStatus();
  }

  std::optional<size_t> FindParameter(absl::string_view name) const {
    for (size_t i = 0; i < spec().parameters.size(); ++i) {
      const Parameter& parameter = spec().parameters[i];
      if (parameter.name == name || std::find(parameter.aliases.begin(), parameter.aliases.end(),
                                              name) != parameter.aliases.end()) {
        return i;
      }
    }
    return std::nullopt;
  }

  absl::Status UnknownParameter(absl::string_view name) const {
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

  absl::Status BindShape() {
    switch (kind()) {
      case Kind::kElementwise:
        return BindElementwise();
      case Kind::kRows:
        return BindRows();
      case Kind::kPairs:
        break;
    }
    return BindPairs();
  }

  // The number that a parameter has by default, under the name and the preset. A word stands as its
  // index.
  double Default(size_t index) const {
    const Parameter& parameter = spec().parameters[index];
    const Setting setting = DefaultOf(*named_, name_, preset_, parameter.name);
    if (setting.kind != Setting::Kind::kWord) return setting.number;
    if (parameter.type == ParameterType::kAxes) return kAllAxes;
    return static_cast<double>(
        std::find(parameter.words.begin(), parameter.words.end(), setting.word) -
        parameter.words.begin());
  }

  absl::Status BindElementwise() {
    output_shape_ = input_shape();
    return BindArguments();
  }

  // Numbers, tensors, masks and the indices of words, by parameter of the Spec.
  absl::Status BindArguments() {
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
        } else if (absl::Status status = BindTensor(*given_[i], ShapeMetBy(i), bound);
                   !status.ok()) {
          return status;
        }
      }
      evaluation_.arguments.push_back(std::move(bound));
    }
    return CheckOrder();
  }

  // No argument may exceed the one that its parameter is bounded by, wherever the two meet.
  absl::Status CheckOrder() const {
    for (size_t i = 0; i < given_.size(); ++i) {
      const absl::string_view bound = spec().parameters[i].at_most;
      if (bound.empty()) continue;
      if (absl::Status status = CheckOrder(i, *FindParameter(bound)); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status CheckOrder(size_t low, size_t high) const {
    const BoundArgument& a = evaluation_.arguments[low];
    const BoundArgument& b = evaluation_.arguments[high];
    // The pairs that meet differ along the dimensions along which either of the two moves.
    Shape shape = input_shape();
    for (size_t i = 0; i < shape.size(); ++i) {
      if (StrideOf(a, i) == 0 && StrideOf(b, i) == 0) shape[i] = std::min<int64_t>(shape[i], 1);
    }
    const int64_t pairs = *ElementCount(shape);
    for (int64_t pair = 0; pair < pairs; ++pair) {
      int64_t rest = pair, a_offset = 0, b_offset = 0;
      for (size_t i = shape.size(); i-- > 0; rest /= shape[i]) {
        a_offset += rest % shape[i] * StrideOf(a, i);
        b_offset += rest % shape[i] * StrideOf(b, i);
      }
      const double least = NumberAt(a, a_offset), most = NumberAt(b, b_offset);
      if (least <= most) continue;
      const size_t named = given_[low] != nullptr ? low : high;
      return FieldError(
          {ArgumentPath(given_[named] ? given_[named]->name : spec().parameters[named].name),
           absl::StrCat(spec().parameters[low].name, " is ", NumberText(least),
                        ", which is more than ", spec().parameters[high].name, ", ",
                        NumberText(most)),
           "ARGUMENT_OUT_OF_RANGE"});
    }
    return absl::OkStatus();
  }

  static int64_t StrideOf(const BoundArgument& argument, size_t dimension) {
    return argument.tensor ? argument.strides[dimension] : 0;
  }

  static double NumberAt(const BoundArgument& argument, int64_t offset) {
    if (!argument.tensor) return argument.number;
    const TensorView& tensor = *argument.tensor;
    return LoadElement(tensor.type,
                       tensor.data.data() + offset * static_cast<int64_t>(SizeOf(tensor.type)));
  }

  // Whether parameter `index` is what is added to rows. (An elementwise `bias` is any number.)
  bool IsBias(size_t index) const {
    return kind() == Kind::kRows && spec().parameters[index].name == kBiasParameter;
  }

  // What a tensor argument is broadcast to: the input or, for a number of rows, one element for
  // each row.
  const Shape& ShapeMetBy(size_t index) const {
    const Parameter& parameter = spec().parameters[index];
    const bool by_row =
        kind() == Kind::kRows && parameter.type == ParameterType::kNumber && !IsBias(index);
    return by_row ? evaluation_.row_shape : input_shape();
  }

  // Broadcasts a tensor argument against `input`: by NumPy's rules, or along its axis.
  absl::Status BindTensor(const Argument& argument, const Shape& input,
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
                                      input == input_shape() ? "" : ", with 1 along the axes"),
                         "SHAPE_MISMATCH"});
    }
    bound.tensor = tensor;
    return absl::OkStatus();
  }

  // The axis of the input along which the preset lets a tensor of rank 1 run. One element meets
  // all.
  std::optional<int64_t> PresetAxis(const Argument& argument) const {
    const Shape& shape = std::get<TensorView>(argument.value).shape;
    if (shape.size() != 1 || shape[0] == 1) return std::nullopt;
    const Parameter& parameter = spec().parameters[*FindParameter(argument.name)];
    return TensorAxisOf(*named_, name_, preset_, parameter.name);
  }

  // `axis`, a whole number, counted from the front. `reason`: what an error begins with.
  absl::StatusOr<int64_t> CheckAxis(double axis, std::string path,
                                    absl::string_view reason = "") const {
    const auto rank = static_cast<int64_t>(input_shape().size());
    if (rank == 0) {
      return FieldError({std::move(path),
                         absl::StrCat(reason, "the input has rank 0, hence no axis"),
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

  // The argument or default of the parameter `name`, a number that the Spec has.
  double Number(absl::string_view name) const {
    const size_t index = *FindParameter(name);
    return given_[index] ? std::get<double>(given_[index]->value) : Default(index);
  }

  int64_t Integer(absl::string_view name) const {
    const double value = Number(name);
    constexpr double kLimit = 0x1p53;  // beyond any axis or size, well within int64
    return static_cast<int64_t>(std::clamp(value, -kLimit, kLimit));
  }

  absl::string_view Word(absl::string_view name) const {
    const size_t index = *FindParameter(name);
    return given_[index] ? std::get<absl::string_view>(given_[index]->value)
                         : DefaultOf(*named_, name_, preset_, spec().parameters[index].name).word;
  }

  // The axis argument, and the input as [outer, length, inner] around it.
  absl::StatusOr<int64_t> BindAxis() {
    const size_t index = *FindParameter(kAxisParameter);
    const std::string path =
        given_[index] || !input_shape().empty()
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

  absl::Status BindRows() {
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

  absl::Status BindRowsAlongAxes() {
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

  // The axes that rows run along, counted from the front. An input of rank 0 has none, and is a row
  // of one element.
  absl::StatusOr<Shape> BindAxes() const {
    const size_t index = *FindParameter(kAxisParameter);
    const Argument* const given = given_[index];
    const auto rank = static_cast<int64_t>(input_shape().size());
    const bool all = given ? std::holds_alternative<absl::string_view>(given->value)
                           : Default(index) == kAllAxes;
    Shape axes;
    if (all) {
      for (int64_t axis = 0; axis < rank; ++axis) axes.push_back(axis);
      return axes;
    }
    const bool is_tensor = given && std::holds_alternative<TensorView>(given->value);
    const std::string path =
        ArgumentPath(given ? given->name : kAxisParameter) + (is_tensor ? ".tensor" : "");
    const std::vector<double> numbers =
        given ? NumbersOf(*given) : std::vector<double>{Default(index)};
    if (numbers.empty()) {
      return FieldError({path, "there are no axes in the tensor; give at least one", "NO_AXES"});
    }
    for (size_t i = 0; i < numbers.size(); ++i) {
      const double number = numbers[i];
      // Of an element the error tells the index, too.
      const std::string which = is_tensor ? absl::StrCat("element ", i, ": ") : "";
      const auto element = is_tensor ? std::optional<int64_t>(i) : std::nullopt;
      const int64_t choices = std::max<int64_t>(rank, 1);  // rank 0 allows -1 and 0, as NumPy does
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

  // Each group is a row.
  absl::Status BindGroups() {
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

  // Each element is a row, and gives two as far apart as the input is long.
  absl::Status BindTwice() {
    if (absl::Status status = BindArguments(); !status.ok()) return status;
    absl::StatusOr<int64_t> axis = BindAxis();
    if (!axis.ok()) return axis.status();
    output_shape_[*axis] *= 2;
    evaluation_.rows =
        RowLayout::Plain(evaluation_.outer, 1, evaluation_.inner * evaluation_.length);
    return absl::OkStatus();
  }

  absl::Status BindPairs() {
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

  absl::Status BindUpstream() {
    evaluation_.upstream = request_.upstream;
    if (!request_.upstream) return absl::OkStatus();
    if (request_.payloads_follow) {
      evaluation_.upstream->shape = output_shape_;
    } else if (absl::Status status = CheckPayload("upstream", *request_.upstream); !status.ok()) {
      return status;
    }
    return CheckMatches("upstream", *evaluation_.upstream, output_shape_, "the output's");
  }

  absl::Status DescribeOutputs() {
    evaluation_.output_shape = output_shape_;
    const QuantitySet& wanted = request_.quantities;
    const ElementType type = evaluation_.type;
    if (wanted.Has(Quantity::kValue)) AddOutput(Quantity::kValue, 0, type, output_shape_);
    for (size_t i = 0; wanted.Has(Quantity::kGradient) && i < evaluation_.inputs.size(); ++i) {
      AddOutput(Quantity::kGradient, i, type, evaluation_.inputs[i].shape);
    }
    if (wanted.Has(Quantity::kSecondDerivative)) {
      AddOutput(Quantity::kSecondDerivative, 0, type, input_shape());
    }
    for (size_t i = 0; wanted.Has(Quantity::kParameterGradient) && i < evaluation_.arguments.size();
         ++i) {
      if (!spec().parameters[i].learnable) continue;
      if (IsBias(i) && !evaluation_.arguments[i].given) continue;  // no bias, no gradient
      const std::optional<TensorView>& tensor = evaluation_.arguments[i].tensor;
      AddOutput(Quantity::kParameterGradient, i, tensor ? tensor->type : ElementType::kFloat64,
                tensor ? tensor->shape : Shape());
    }
    return absl::OkStatus();
  }

  void AddOutput(Quantity quantity, size_t index, ElementType type, const Shape& shape) {
    const auto elements = static_cast<size_t>(*ElementCount(shape));
    evaluation_.outputs.push_back({quantity, index, type, shape, elements * SizeOf(type)});
  }

  const Catalogue& catalogue_;
  const EvaluationRequest& request_;
  Evaluation evaluation_;
  // What the caller called it, whose defaults hold for its variants too, and under which preset.
  const Spec* named_ = nullptr;
  absl::string_view name_;
  absl::string_view preset_;
  std::vector<const Argument*> given_;  // by parameter; null where the default holds
  Shape output_shape_;
};

}  // namespace

absl::string_view Name(Quantity quantity) {
  switch (quantity) {
    case Quantity::kValue:
      return "value";
    case Quantity::kGradient:
      return "gradient";
    case Quantity::kSecondDerivative:
      return "second_derivative";
    case Quantity::kParameterGradient:
      break;
  }
  return "parameter_gradient";
}

absl::StatusOr<Evaluation> Bind(const Catalogue& catalogue, const EvaluationRequest& request) {
  return Binder(catalogue, request).Bind();
}

}  // namespace rectifier
