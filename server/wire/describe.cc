#include "server/wire/describe.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/accuracy.h"
#include "core/argument_check.h"
#include "core/number_text.h"
#include "server/wire/proto_enums.h"

namespace rectifier {
namespace {

template <class List, class Field>
void CopyStrings(const List& from, Field* to) {
  for (const absl::string_view text : from) to->Add(std::string(text));
}

v1::ActivationKind ToProto(Kind kind) {
  switch (kind) {
    case Kind::kElementwise:
      return v1::ACTIVATION_KIND_ELEMENTWISE;
    case Kind::kRows:
      return v1::ACTIVATION_KIND_ROWS;
    case Kind::kPairs:
      return v1::ACTIVATION_KIND_PAIRS;
  }
  return v1::ACTIVATION_KIND_UNSPECIFIED;
}

v1::ParameterType ToProto(ParameterType type) {
  switch (type) {
    case ParameterType::kNumber:
      return v1::PARAMETER_TYPE_NUMBER;
    case ParameterType::kInteger:
      return v1::PARAMETER_TYPE_INTEGER;
    case ParameterType::kAxes:
      return v1::PARAMETER_TYPE_AXES;
    case ParameterType::kWord:
      return v1::PARAMETER_TYPE_WORD;
    case ParameterType::kSeed:
      return v1::PARAMETER_TYPE_SEED;
    case ParameterType::kMask:
      return v1::PARAMETER_TYPE_MASK;
  }
  return v1::PARAMETER_TYPE_UNSPECIFIED;
}

v1::ParameterShape ToProto(ArgumentShape shape) {
  switch (shape) {
    case ArgumentShape::kScalar:
      return v1::PARAMETER_SHAPE_SCALAR;
    case ArgumentShape::kInput:
      return v1::PARAMETER_SHAPE_INPUT;
    case ArgumentShape::kRows:
      return v1::PARAMETER_SHAPE_ROWS;
    case ArgumentShape::kList:
      return v1::PARAMETER_SHAPE_LIST;
  }
  return v1::PARAMETER_SHAPE_UNSPECIFIED;
}

void Describe(Kind kind, const Parameter& parameter, v1::ParameterDescription* description) {
  description->set_name(std::string(parameter.name));
  CopyStrings(parameter.aliases, description->mutable_aliases());
  description->set_summary(std::string(parameter.summary));
  description->set_type(ToProto(parameter.type));
  description->set_shape(ToProto(ShapeOfArgument(kind, parameter)));
  CopyStrings(parameter.words, description->mutable_words());
  description->set_learnable(parameter.learnable);
  if (parameter.type == ParameterType::kWord) {
    description->set_default_word(std::string(parameter.words[0]));
    return;
  }
  if (parameter.type == ParameterType::kMask) return;  // absent by default; any number is allowed
  if (parameter.type == ParameterType::kAxes && parameter.default_value == kAllAxes) {
    description->set_default_word(std::string(kAllAxesWord));
  } else if (parameter.type != ParameterType::kSeed) {
    description->set_default_number(parameter.default_value);
  }
  description->set_range(IntervalText(parameter.range));
}

// Why a bound is worse than 2 ULP, and where an absolute bound holds instead.
std::string NoteOn(const Spec& spec, Quantity quantity, ElementType type) {
  std::string note;
  if (MaxUlp(spec, quantity, type) > 2) note = std::string(spec.accuracy.note);
  if (type != ElementType::kFloat64) return note;
  for (const HardSpot& spot : spec.accuracy.hard_spots) {
    if (spot.quantity != quantity) continue;
    const std::string times(spot.times);
    absl::StrAppend(&note, note.empty() ? "" : " ", "For x", times.empty() ? "" : " ", times,
                    " in [", spot.low, ", ", spot.high, "] the absolute error is at most ",
                    spot.absolute_error, " instead.");
  }
  return note;
}

v1::AccuracyEvidence ToProto(Evidence evidence) {
  switch (evidence) {
    case Evidence::kStated:
      return v1::ACCURACY_EVIDENCE_STATED;
    case Evidence::kSampled:
      return v1::ACCURACY_EVIDENCE_SAMPLED;
    case Evidence::kExhaustive:
      return v1::ACCURACY_EVIDENCE_EXHAUSTIVE;
  }
  return v1::ACCURACY_EVIDENCE_UNSPECIFIED;
}

void DescribeAccuracy(const Spec& spec, Quantity quantity, v1::ActivationDescription* description) {
  for (const ElementType type : kAllElementTypes) {
    v1::Accuracy* described = description->add_accuracies();
    described->set_quantity(ToProto(quantity));
    described->set_element_type(ToProto(type));
    const ErrorBound bound = ErrorBoundOf(spec, quantity, type);
    described->set_max_ulp(bound.max_ulp);
    described->set_note(NoteOn(spec, quantity, type));
    described->set_evidence(ToProto(bound.evidence));
    if (bound.correctly_rounded) described->set_correctly_rounded(*bound.correctly_rounded);
  }
}

void DescribeSetting(const Setting& setting, v1::Preset* described) {
  switch (setting.kind) {
    case Setting::Kind::kNumber:
      return described->set_number(setting.number);
    case Setting::Kind::kWord:
      return described->set_word(std::string(setting.word));
    case Setting::Kind::kTensorAxis:
      return described->set_tensor_axis(static_cast<int32_t>(setting.number));
  }
}

void DescribePresets(const Spec& spec, v1::ActivationDescription* description) {
  for (const Variant& variant : spec.variants) {
    v1::Preset* described = description->add_presets();
    described->set_framework(std::string(variant.framework));
    described->set_activation(std::string(variant.activation));
    CopyStrings(variant.names, described->mutable_names());
  }
  for (const Preset& preset : spec.presets) {
    v1::Preset* described = description->add_presets();
    described->set_framework(std::string(preset.framework));
    described->set_parameter(std::string(preset.parameter));
    DescribeSetting(preset.value, described);
    CopyStrings(preset.names, described->mutable_names());
  }
}

void DescribeNames(const Spec& spec, v1::ActivationDescription* description) {
  description->set_name(std::string(spec.name));
  CopyStrings(spec.aliases, description->mutable_aliases());
  CopyStrings(spec.exact_names, description->mutable_exact_names());
  for (const OtherName& other : spec.other_names) {
    v1::OtherName* described = description->add_other_names();
    described->set_name(std::string(other.name));
    described->set_arguments(std::string(other.arguments));
  }
}

void Describe(const Activation& activation, v1::ActivationDescription* description) {
  const Spec& spec = *activation.spec;
  DescribeNames(spec, description);
  description->set_kind(ToProto(activation.kind()));
  description->set_summary(std::string(spec.summary));
  description->set_formula(std::string(spec.formula));
  description->set_source(std::string(spec.source));
  description->set_source_checked(spec.source_checked);
  description->set_conventions(std::string(spec.conventions));
  for (const Parameter& parameter : spec.parameters) {
    Describe(activation.kind(), parameter, description->add_parameters());
  }
  DescribePresets(spec, description);
  for (const ElementType type : kAllElementTypes) description->add_element_types(ToProto(type));
  for (const Quantity quantity : kAllQuantities) {
    if (!activation.quantities.Has(quantity)) continue;
    description->add_quantities(ToProto(quantity));
    DescribeAccuracy(spec, quantity, description);
  }
}

}  // namespace

v1::ListActivationsResponse DescribeCatalogue(const Catalogue& catalogue) {
  v1::ListActivationsResponse response;
  for (const Activation& activation : catalogue.All()) {
    Describe(activation, response.add_activations());
  }
  return response;
}

v1::GetServerInfoResponse DescribeServer(const ServerFacts& facts, const Limits& limits) {
  v1::GetServerInfoResponse info;
  info.set_version(facts.version);
  info.set_cpu_target(facts.cpu_target);
  info.set_threads(static_cast<uint32_t>(facts.threads));
  CopyStrings(facts.transports, info.mutable_transports());
  info.set_buffers_socket(facts.buffers_socket);
  v1::Limits* described = info.mutable_limits();
#define RECTIFIER_DESCRIBE(name, type, initial, least, most, help) \
  described->set_##name(static_cast<decltype(described->name())>(limits.name));
  RECTIFIER_LIMITS(RECTIFIER_DESCRIBE)
#undef RECTIFIER_DESCRIBE
  return info;
}

}  // namespace rectifier
