#include "server/wire/proto_enums.h"

namespace rectifier {

v1::ElementType ToProto(ElementType type) {
  switch (type) {
    case ElementType::kFloat64:
      return v1::ELEMENT_TYPE_FLOAT64;
    case ElementType::kFloat32:
      return v1::ELEMENT_TYPE_FLOAT32;
    case ElementType::kFloat16:
      return v1::ELEMENT_TYPE_FLOAT16;
    case ElementType::kBFloat16:
      return v1::ELEMENT_TYPE_BFLOAT16;
    case ElementType::kBool:
      return v1::ELEMENT_TYPE_BOOL;
  }
  return v1::ELEMENT_TYPE_UNSPECIFIED;
}

v1::Quantity ToProto(Quantity quantity) {
  switch (quantity) {
    case Quantity::kValue:
      return v1::QUANTITY_VALUE;
    case Quantity::kGradient:
      return v1::QUANTITY_GRADIENT;
    case Quantity::kSecondDerivative:
      return v1::QUANTITY_SECOND_DERIVATIVE;
    case Quantity::kParameterGradient:
      return v1::QUANTITY_PARAMETER_GRADIENT;
  }
  return v1::QUANTITY_UNSPECIFIED;
}

std::optional<ElementType> FromProto(v1::ElementType type) {
  for (const ElementType candidate : kAllElementTypes) {
    if (ToProto(candidate) == type) return candidate;
  }
  if (type == v1::ELEMENT_TYPE_BOOL) return ElementType::kBool;
  return std::nullopt;
}

std::optional<Quantity> FromProto(v1::Quantity quantity) {
  for (const Quantity candidate : kAllQuantities) {
    if (ToProto(candidate) == quantity) return candidate;
  }
  return std::nullopt;
}

}  // namespace rectifier
