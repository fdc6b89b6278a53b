// The arithmetic of the number types (core/numbers), on any CPU target.
#ifndef RECTIFIER_TESTS_CORE_NUMBERS_NUMBERS_ON_TARGETS_H_
#define RECTIFIER_TESTS_CORE_NUMBERS_NUMBERS_ON_TARGETS_H_

#include <cstddef>
#include <cstdint>

#include "tests/core/numbers/number_array.h"

namespace rectifier {

enum class Operation {
  // Of doubles: double-inl.h.
  kTwoSum,
  kTwoProduct,
  kRound,
  kPow2,
  kLdexp,
  kPolynomial,
  kLongPolynomial,
  // Of double-doubles: double_double-inl.h and rounding-inl.h.
  kAdd,
  kAddDouble,
  kSubtract,
  kMultiply,
  kMultiplyByDouble,
  kDivide,
  kInverse,
  kSquareRoot,
  kDoubleDoublePolynomial,
  kProduct,
  kRounded,
  kNormalized,
  kRoundedToOdd,
  kBreakTie,
  // Of normalized double-doubles: normalized_double_double-inl.h.
  kNormalizedAdd,
  kNormalizedSubtract,
  kNormalizedMultiply,
  kNormalizedDivide,
  kNormalizedRounded,
  kNormalizedDifference,
  // Of floats and float-floats: float_float-inl.h.
  kSumOfFloats,
  kSumOfOrdered,
  kProductOfFloats,
  kFloatAdd,
  kFloatAddFloat,
  kFloatSubtract,
  kFloatAddSmaller,
  kFloatAddSmallerToFloat,
  kFloatAddSmallerFloat,
  kFloatSubtractSmaller,
  kFloatAddPositive,
  kFloatMultiply,
  kFloatMultiplyByFloat,
  kFloatInverse,
  kBeyond,
  kLookup16,
  kLookup32,
};

// Coefficients of the polynomials: 1/k!, rounded.
inline constexpr size_t kCoefficients = 12;
inline constexpr double kPolynomialHigh[kCoefficients] = {
    1,         1,          1.0 / 2,     1.0 / 6,      1.0 / 24,      1.0 / 120,
    1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800};
// Second parts of the first ones, of which the double-double polynomial alone takes notice.
inline constexpr double kPolynomialLow[] = {0, 0x1p-60, -0x1p-57, 0x1p-58, 0x3p-62, -0x1p-66};

// a operation b, number by number. Operations of one number ignore b; those of doubles, or of
// floats, ignore the second parts. What is one double leaves the result's second parts 0.
NumberArray ComputeOn(int64_t target, Operation operation, const NumberArray& a,
                      const NumberArray& b);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_CORE_NUMBERS_NUMBERS_ON_TARGETS_H_
