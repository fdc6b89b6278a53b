// The element types as binary formats.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_FORMAT_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_FORMAT_H_

#include "core/element_type.h"
#include "tests/numerics/prove/ball.h"

namespace rectifier::prove {

struct Format {
  int digits;          // of the significand, the hidden one included
  int least_exponent;  // of a normal number 1.f * 2^e
  int greatest_exponent;
};

constexpr Format FormatOf(ElementType type) {
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

// The spacing of `type` at `value`; beyond the largest number, that at the largest.
double UnitInTheLastPlace(ElementType type, double value);

// The number of `type` nearest to `value`, ties to even, as a double: a signed zero where it
// underflows, infinity from half a unit beyond the largest on.
double RoundTo(ElementType type, const arf_t value);

// How far `result` is from `exact`, in units of the last place of `type` at `exact`. Infinity
// counts as the number that would follow the largest.
double UlpError(ElementType type, double result, const arf_t exact);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_FORMAT_H_
