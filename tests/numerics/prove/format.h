// Numbers rounded to the element types, and their errors in units of the last place.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_FORMAT_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_FORMAT_H_

#include "core/element_type.h"
#include "tests/numerics/binary_format.h"
#include "tests/numerics/prove/ball.h"

namespace rectifier::prove {

using testing::FormatOf;

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
