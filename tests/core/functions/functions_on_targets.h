// The functions that activations are made of (core/functions), on any CPU target, one number at a
// time.
#ifndef RECTIFIER_TESTS_CORE_FUNCTIONS_FUNCTIONS_ON_TARGETS_H_
#define RECTIFIER_TESTS_CORE_FUNCTIONS_FUNCTIONS_ON_TARGETS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

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

// Results are sums of two.
struct Parts {
  std::vector<double> hi;
  std::vector<double> lo;
};

// The CPU targets that were compiled and that this machine has, as Highway's bits.
std::vector<int64_t> TargetsHere();

// `function` of each number in `x`; zeros for a function that these lanes do not have.
Parts EvaluateOn(int64_t target, Function function, Lanes lanes, const std::vector<double>& x);

// On the target that Highway has been told to take; EvaluateOn calls the one that has the lanes.
void EvaluateElementsOnBest(Function function, Lanes lanes, const double* x, double* hi, double* lo,
                            size_t count);
void EvaluateRowsOnBest(Function function, Lanes lanes, const double* x, double* hi, double* lo,
                        size_t count);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_CORE_FUNCTIONS_FUNCTIONS_ON_TARGETS_H_
