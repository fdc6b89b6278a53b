// The element types as binary formats.
#ifndef RECTIFIER_TESTS_NUMERICS_BINARY_FORMAT_H_
#define RECTIFIER_TESTS_NUMERICS_BINARY_FORMAT_H_

#include "core/element_type.h"

namespace rectifier::testing {

struct BinaryFormat {
  int digits;          // of the significand, the hidden one included
  int least_exponent;  // of a normal number 1.f * 2^e
  int greatest_exponent;
};

constexpr BinaryFormat FormatOf(ElementType type) {
  switch (type) {
    case ElementType::kFloat64:
      return {53, -1022, 1023};
    case ElementType::kFloat32:
      return {24, -126, 127};
    case ElementType::kFloat16:
      return {11, -14, 15};
    case ElementType::kBFloat16:
    case ElementType::kBool:  // nothing is computed in it
      break;
  }
  return {8, -126, 127};
}

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_NUMERICS_BINARY_FORMAT_H_
