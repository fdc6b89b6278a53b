#include "client/cpp/command/format.h"

#include <google/protobuf/util/json_util.h>

#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "client/cpp/files/text_tensor.h"

namespace rectifier::client {
namespace {

std::string Unprefixed(absl::string_view enumerator, absl::string_view prefix) {
  return absl::AsciiStrToLower(absl::StripPrefix(enumerator, prefix));
}

// The option's name depends on the generation of protobuf.
template <class Options>
void PrintDefaults(Options& options) {
  if constexpr (requires { options.always_print_primitive_fields; }) {
    options.always_print_primitive_fields = true;
  } else {
    options.always_print_fields_with_no_presence = true;
  }
}

}  // namespace

std::string FormatNumber(double number) { return FormatElement(ElementType::kFloat64, number); }

std::string FormatBytes(uint64_t bytes) {
  constexpr absl::string_view kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto amount = static_cast<double>(bytes);
  size_t unit = 0;
  while (amount >= 1024 && unit + 1 < std::size(kUnits)) {
    amount /= 1024;
    ++unit;
  }
  const int decimals = amount == std::floor(amount) ? 0 : 1;
  return absl::StrFormat("%.*f %s", decimals, amount, kUnits[unit]);
}

std::string FormatKind(v1::ActivationKind kind) {
  return Unprefixed(v1::ActivationKind_Name(kind), "ACTIVATION_KIND_");
}

std::string FormatEnum(v1::ElementType type) {
  return Unprefixed(v1::ElementType_Name(type), "ELEMENT_TYPE_");
}

std::string FormatEnum(v1::Quantity quantity) {
  if (quantity == v1::QUANTITY_PARAMETER_GRADIENT) return "parameter_gradients";
  return Unprefixed(v1::Quantity_Name(quantity), "QUANTITY_");
}

std::string FormatDefault(const v1::ParameterDescription& parameter) {
  if (parameter.type() == v1::PARAMETER_TYPE_WORD) return parameter.default_word();
  if (parameter.type() == v1::PARAMETER_TYPE_SEED || parameter.type() == v1::PARAMETER_TYPE_MASK) {
    return "none";
  }
  return FormatNumber(parameter.default_number());
}

std::string FormatJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  PrintDefaults(options);
  options.preserve_proto_field_names = true;
  std::string json;
  // Fails for messages with a broken Any alone; these have none.
  (void)google::protobuf::util::MessageToJsonString(message, &json, options);
  return json;
}

}  // namespace rectifier::client
