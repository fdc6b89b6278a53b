// Arguments held to bounds.

#if defined(RECTIFIER_CORE_FUNCTIONS_WITHIN_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_FUNCTIONS_WITHIN_INL_H_
#undef RECTIFIER_CORE_FUNCTIONS_WITHIN_INL_H_
#else
#define RECTIFIER_CORE_FUNCTIONS_WITHIN_INL_H_
#endif

#include "core/numbers/double_double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// Beyond this argument a gate is closed or open for good: e^-1400 is far below the doubles.
inline constexpr double kGateClosed = 1400;

HWY_INLINE Double Within(Double x, double bound) { return Larger(Smaller(x, bound), -bound); }
HWY_INLINE DoubleDouble Within(DoubleDouble x, double bound) {
  const Double head = Within(x.hi, bound);
  return {head, SelectOrZero(head == x.hi, x.lo)};
}

// `x`, or `bound` where that is smaller.
HWY_INLINE Double AtMost(Double x, double bound) { return Smaller(x, bound); }
HWY_INLINE DoubleDouble AtMost(DoubleDouble x, double bound) {
  const Double head = Smaller(x.hi, bound);
  return {head, SelectOrZero(head == x.hi, x.lo)};
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_FUNCTIONS_WITHIN_INL_H_
