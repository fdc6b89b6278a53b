#include "core/binder.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/api_names.h"
#include "core/argument_check.h"
#include "core/field_error.h"
#include "core/naming.h"
#include "core/number_text.h"

namespace rectifier {
namespace {

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

}  // namespace

std::string ShapeText(absl::Span<const int64_t> shape) {
  return absl::StrCat("[", absl::StrJoin(shape, ", "), "]");
}

absl::StatusOr<Evaluation> Binder::Bind() {
  for (const auto step : {&Binder::BindActivation, &Binder::CheckPreset, &Binder::CheckQuantities,
                          &Binder::BindInputs, &Binder::MatchArguments, &Binder::BindShape,
                          &Binder::BindUpstream, &Binder::DescribeOutputs}) {
    if (absl::Status status = (this->*step)(); !status.ok()) return status;
  }
  return std::move(evaluation_);
}

absl::Status Binder::BindActivation() {
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

absl::Status Binder::CheckPreset() {
  if (request_.preset.empty() || std::find(std::begin(kFrameworks), std::end(kFrameworks),
                                           request_.preset) != std::end(kFrameworks)) {
    return absl::OkStatus();
  }
  return FieldError({"activation.preset",
                     absl::StrCat("no preset ", Quoted(request_.preset),
                                  "; allowed: ", absl::StrJoin(kFrameworks, ", ")),
                     "UNKNOWN_PRESET"});
}

absl::Status Binder::CheckQuantities() {
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

std::vector<std::string> Binder::OfferedQuantities() const {
  std::vector<std::string> names;
  for (const Quantity quantity : kAllQuantities) {
    if (evaluation_.activation->quantities.Has(quantity)) names.push_back(ApiName(quantity));
  }
  return names;
}

absl::Status Binder::BindInputs() {
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

absl::Status Binder::CheckMatches(absl::string_view path, const TensorView& tensor,
                                  const Shape& shape, absl::string_view whose) const {
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

absl::Status Binder::BindShape() {
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

absl::Status Binder::BindElementwise() {
  output_shape_ = input_shape();
  return BindArguments();
}

absl::Status Binder::BindUpstream() {
  evaluation_.upstream = request_.upstream;
  if (!request_.upstream) return absl::OkStatus();
  if (request_.payloads_follow) {
    evaluation_.upstream->shape = output_shape_;
  } else if (absl::Status status = CheckPayload("upstream", *request_.upstream); !status.ok()) {
    return status;
  }
  return CheckMatches("upstream", *evaluation_.upstream, output_shape_, "the output's");
}

absl::Status Binder::DescribeOutputs() {
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

void Binder::AddOutput(Quantity quantity, size_t index, ElementType type, const Shape& shape) {
  const auto elements = static_cast<size_t>(*ElementCount(shape));
  evaluation_.outputs.push_back({quantity, index, type, shape, elements * SizeOf(type)});
}

}  // namespace rectifier
