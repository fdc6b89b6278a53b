#include "server/inference/model.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/argument_check.h"
#include "core/field_error.h"

namespace rectifier {
namespace {

constexpr size_t kMaxNameBytes = 128;  // as in the API

absl::Status NotFound(absl::string_view field, std::string description, const char* reason) {
  return FieldError(
      {.path = std::string(field), .description = std::move(description), .reason = reason},
      absl::StatusCode::kNotFound);
}

// Whether a tensor is what a caller gives as a rule. (One may be given of axes as well.)
bool TakesTensor(const Activation& activation, const Parameter& parameter) {
  const ArgumentShape shape = ShapeOfArgument(activation.kind(), parameter);
  return shape == ArgumentShape::kInput || shape == ArgumentShape::kRows;
}

}  // namespace

absl::StatusOr<const Activation*> FindModel(const Catalogue& catalogue, absl::string_view name,
                                            absl::string_view version, absl::string_view name_field,
                                            absl::string_view version_field) {
  if (name.size() > kMaxNameBytes) {
    return FieldError({.path = std::string(name_field),
                       .description = absl::StrCat("the name has ", name.size(), " bytes; at most ",
                                                   kMaxNameBytes, " are allowed"),
                       .reason = "NAME_TOO_LONG"});
  }
  absl::StatusOr<const Activation*> found = catalogue.Find(name);
  if (!found.ok()) {
    const absl::string_view hint = found.status().message();
    return NotFound(name_field,
                    absl::StrCat("there is no model ", Quoted(name), hint.empty() ? "" : "; ", hint,
                                 hint.empty() ? "; RepositoryIndex lists all" : ""),
                    "UNKNOWN_MODEL");
  }
  if (version.empty() || version == kModelVersion) return found;
  return NotFound(version_field,
                  absl::StrCat(Quoted(version), " is given; every model has version ",
                               Quoted(kModelVersion), " alone"),
                  "UNKNOWN_MODEL_VERSION");
}

const Parameter* FindParameter(const Spec& spec, absl::string_view name) {
  for (const Parameter& parameter : spec.parameters) {
    const bool is_alias = std::find(parameter.aliases.begin(), parameter.aliases.end(), name) !=
                          parameter.aliases.end();
    if (parameter.name == name || is_alias) return &parameter;
  }
  return nullptr;
}

std::vector<ModelOutput> OutputsOf(const Activation& activation, bool two_inputs) {
  std::vector<ModelOutput> outputs;
  const auto add = [&](std::string name, Quantity quantity, size_t input = 0,
                       absl::string_view parameter = {}) {
    if (!activation.quantities.Has(quantity)) return;
    outputs.push_back({std::move(name), quantity, input, parameter});
  };
  add(std::string(kValueOutput), Quantity::kValue);
  if (two_inputs) {
    add(absl::StrCat(kGradientOutput, ".", kGateInput), Quantity::kGradient, 0);
    add(absl::StrCat(kGradientOutput, ".", kValueInput), Quantity::kGradient, 1);
  } else {
    add(std::string(kGradientOutput), Quantity::kGradient);
  }
  add(std::string(kSecondDerivativeOutput), Quantity::kSecondDerivative);
  for (const Parameter& parameter : activation.spec->parameters) {
    if (!parameter.learnable) continue;
    add(absl::StrCat(kParameterGradientOutput, parameter.name), Quantity::kParameterGradient, 0,
        parameter.name);
  }
  return outputs;
}

std::optional<ModelOutput> FindOutput(const Activation& activation, bool two_inputs,
                                      absl::string_view name) {
  absl::string_view parameter_name = name;
  const bool is_parameter = absl::ConsumePrefix(&parameter_name, kParameterGradientOutput);
  const Parameter* const parameter =
      is_parameter ? FindParameter(*activation.spec, parameter_name) : nullptr;
  for (const ModelOutput& output : OutputsOf(activation, two_inputs)) {
    const bool is_meant = is_parameter ? parameter != nullptr && output.parameter == parameter->name
                                       : output.name == name;
    if (is_meant) return output;
  }
  return std::nullopt;
}

std::vector<ModelInput> InputsOf(const Activation& activation) {
  std::vector<ModelInput> inputs;
  if (activation.kind() == Kind::kPairs) {
    inputs.push_back({.name = kGateInput});
    inputs.push_back({.name = kValueInput});
  } else {
    inputs.push_back({.name = kXInput});
  }
  inputs.push_back({.name = kUpstreamInput, .is_optional = true});
  for (const Parameter& parameter : activation.spec->parameters) {
    if (!TakesTensor(activation, parameter)) continue;
    const bool is_mask = parameter.type == ParameterType::kMask;
    inputs.push_back({.name = parameter.name,
                      .type = is_mask ? ElementType::kBool : ElementType::kFloat32,
                      .is_optional = true});
  }
  return inputs;
}

}  // namespace rectifier
