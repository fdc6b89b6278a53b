// Prints the catalogue as JSON: what the oracle, the catalogue's page and the plots are made from.
#include <cmath>
#include <iostream>
#include <optional>
#include <string>

#include "absl/strings/str_format.h"
#include "core/accuracy.h"
#include "core/catalogue.h"
#include "core/evaluation.h"
#include "core/number_text.h"
#include "nlohmann/json.hpp"

namespace rectifier {
namespace {

using Json = nlohmann::ordered_json;

std::string Text(absl::string_view text) { return std::string(text); }

Json Texts(const auto& list) {
  Json array = Json::array();
  for (absl::string_view text : list) array.push_back(Text(text));
  return array;
}

std::string Hex(double value) {
  return std::isinf(value) ? (value > 0 ? "inf" : "-inf") : absl::StrFormat("%a", value);
}

Json FiniteOrNull(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

std::string KindName(Kind kind) {
  switch (kind) {
    case Kind::kElementwise:
      return "elementwise";
    case Kind::kRows:
      return "rows";
    case Kind::kPairs:
      break;
  }
  return "pairs";
}

std::string TypeName(ParameterType type) {
  switch (type) {
    case ParameterType::kNumber:
      return "number";
    case ParameterType::kInteger:
      return "integer";
    case ParameterType::kAxes:
      return "axes";
    case ParameterType::kSeed:
      return "seed";
    case ParameterType::kMask:
      return "mask";
    case ParameterType::kWord:
      break;
  }
  return "word";
}

std::string RowShapeName(RowShape shape) {
  switch (shape) {
    case RowShape::kKeep:
      return "keep";
    case RowShape::kReduce:
      return "reduce";
    case RowShape::kTwice:
      return "twice";
    case RowShape::kGroups:
      break;
  }
  return "groups";
}

// JSON has no infinity.
Json NumberOrText(double value) { return std::isinf(value) ? Json(Hex(value)) : Json(value); }

Json Dump(const Parameter& parameter) {
  const Range& range = parameter.range;
  return {{"name", Text(parameter.name)},
          {"aliases", Texts(parameter.aliases)},
          {"summary", Text(parameter.summary)},
          {"type", TypeName(parameter.type)},
          {"default", NumberOrText(parameter.default_value)},
          {"range",
           {{"text", IntervalText(range)},
            {"low", FiniteOrNull(range.low)},
            {"high", FiniteOrNull(range.high)},
            {"low_open", range.low_open},
            {"high_open", range.high_open},
            {"least_size", range.least_size}}},
          {"at_most", Text(parameter.at_most)},
          {"words", Texts(parameter.words)},
          {"learnable", parameter.learnable},
          {"reciprocal", parameter.reciprocal}};
}

Json Dump(const ErrorBound& bound) {
  const std::optional<double>& share = bound.correctly_rounded;
  return {{"max_ulp", bound.max_ulp},
          {"evidence", Text(Name(bound.evidence))},
          {"correctly_rounded", share ? Json(*share) : Json(nullptr)}};
}

Json DumpAccuracy(const Activation& activation) {
  const Spec& spec = *activation.spec;
  Json bounds = Json::object(), spots = Json::array();
  for (Quantity quantity : kAllQuantities) {
    if (!activation.quantities.Has(quantity)) continue;
    for (ElementType type : kAllElementTypes) {
      bounds[Text(Name(quantity))][Text(Name(type))] = Dump(ErrorBoundOf(spec, quantity, type));
    }
  }
  for (const HardSpot& spot : spec.accuracy.hard_spots) {
    spots.push_back({{"quantity", Text(Name(spot.quantity))},
                     {"low", spot.low},
                     {"high", spot.high},
                     {"absolute_error", spot.absolute_error},
                     {"times", Text(spot.times)}});
  }
  return {{"bounds", bounds}, {"hard_spots", spots}, {"note", Text(spec.accuracy.note)}};
}

Json Dump(const Preset& preset) {
  Json dumped = {{"framework", Text(preset.framework)},
                 {"parameter", Text(preset.parameter)},
                 {"names", Texts(preset.names)}};
  switch (preset.value.kind) {
    case Setting::Kind::kNumber:
      dumped["value"] = NumberOrText(preset.value.number);
      break;
    case Setting::Kind::kWord:
      dumped["word"] = Text(preset.value.word);
      break;
    case Setting::Kind::kTensorAxis:
      dumped["tensor_axis"] = preset.value.number;
      break;
  }
  return dumped;
}

Json Dump(const Activation& activation) {
  const Spec& spec = *activation.spec;
  Json parameters = Json::array(), presets = Json::array(), variants = Json::array(),
       quantities = Json::array(), special_values = Json::array();
  for (const Parameter& parameter : spec.parameters) parameters.push_back(Dump(parameter));
  for (const Preset& preset : spec.presets) presets.push_back(Dump(preset));
  for (const Variant& variant : spec.variants) {
    variants.push_back({{"framework", Text(variant.framework)},
                        {"activation", Text(variant.activation)},
                        {"names", Texts(variant.names)}});
  }
  for (Quantity quantity : kAllQuantities) {
    if (activation.quantities.Has(quantity)) quantities.push_back(Text(Name(quantity)));
  }
  for (const SpecialValue& special : spec.special_values) {
    special_values.push_back({{"x", Hex(special.x)},
                              {"value", Hex(special.value)},
                              {"derivative", Hex(special.derivative)}});
  }
  return {{"name", Text(spec.name)},
          {"aliases", Texts(spec.aliases)},
          {"exact_names", Texts(spec.exact_names)},
          {"kind", KindName(activation.kind())},
          {"family", Text(activation.family)},
          {"heading", Text(activation.heading)},
          {"summary", Text(spec.summary)},
          {"formula", Text(spec.formula)},
          {"parameters", parameters},
          {"presets", presets},
          {"variants", variants},
          {"quantities", quantities},
          {"source", Text(spec.source)},
          {"source_checked", spec.source_checked},
          {"conventions", Text(spec.conventions)},
          {"special_values", special_values},
          {"row_shape", RowShapeName(spec.row_shape)},
          {"accuracy", DumpAccuracy(activation)}};
}

}  // namespace
}  // namespace rectifier

int main() {
  rectifier::Json activations = rectifier::Json::array();
  for (const rectifier::Activation& activation : rectifier::Catalogue::Best().All()) {
    activations.push_back(rectifier::Dump(activation));
  }
  std::cout << rectifier::Json{{"activations", activations}}.dump(1) << "\n";
}
