// The functions that activations are made of (core/functions), on any CPU target.
#ifndef RECTIFIER_TESTS_CORE_FUNCTIONS_FUNCTIONS_ON_TARGETS_H_
#define RECTIFIER_TESTS_CORE_FUNCTIONS_FUNCTIONS_ON_TARGETS_H_

#include <cstdint>
#include <vector>

#include "tests/core/numbers/number_array.h"

namespace rectifier {

enum class Function {
  kExponential,
  kExponentialLess1,
  kLogOnePlus,
  kLogistic,
  kLogisticComplement,
  kLogisticSlope,
  kHalfTanh,
  kNormalTail,
  kNormalDensity,
  kErf,
  kSin,
  kCos,
  kOneLessCos,
  kOnePlusSin,
  kAtan,
};

// What a function is computed in.
enum class Lanes {
  kDoubles,        // Double
  kDoubleDoubles,  // DoubleDouble
  kFloatFloats,    // FloatFloat
  kFull,           // Double, to full precision: full_precision-inl.h
  kRow,            // Double: row_exponential-inl.h
  kRowNormalized,  // NormalizedDoubleDouble: the same
};

// `function` of each number in `x`; zeros for a function that these lanes do not have.
NumberArray EvaluateOn(int64_t target, Function function, Lanes lanes,
                       const std::vector<double>& x);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_CORE_FUNCTIONS_FUNCTIONS_ON_TARGETS_H_
