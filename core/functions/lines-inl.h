// Straight lines through doubles, as a number type has them, and where they end: exact in
// DoubleDouble, rounded once in Double. A fused product and sum is relatively accurate next to the
// root too.

#if defined(RECTIFIER_CORE_FUNCTIONS_LINES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_FUNCTIONS_LINES_INL_H_
#undef RECTIFIER_CORE_FUNCTIONS_LINES_INL_H_
#else
#define RECTIFIER_CORE_FUNCTIONS_LINES_INL_H_
#endif

#include "core/numbers/double_double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// `x`, or 0 where it is multiplied by 0.
HWY_INLINE Double SelectUnlessZero(Double factor, Double x) {
  return SelectOrZero(Abs(factor) > 0.0, x);
}

// a x, where 0 times infinity is 0: the limit of a line as its slope vanishes.
template <class N>
HWY_INLINE N Line(Double a, Double x) {
  return Product<N>(a, SelectUnlessZero(a, x));
}

// a x + b, where 0 times infinity is 0.
template <class N>
HWY_INLINE N Line(Double a, Double x, Double b) {
  // Adding -0 keeps the sign of a zero, adding +0 does not: so -(0 - b), which is b, or -0.
  return ProductPlus<N>(a, SelectUnlessZero(a, x), -(Double(0.0) - b));
}

// Whether x has reached a bound. An infinite one bounds nothing: infinity does not reach it either.
HWY_INLINE Mask Reaches(Double x, Double upper_bound) {
  return (x >= upper_bound) & (upper_bound < kInfinity);
}
HWY_INLINE Mask FallsTo(Double x, Double lower_bound) {
  return (x <= lower_bound) & (lower_bound > -kInfinity);
}
// Whether x is beyond a threshold. Everything is beyond -infinity, -infinity itself too.
HWY_INLINE Mask Exceeds(Double x, Double threshold) {
  return (x > threshold) | (threshold == -kInfinity);
}

// A slope that may be meant as 1/n (Parameter::reciprocal): it is steepness/unit, of which one of
// the two is 1. Both lines and knees are exact where n divides last.
struct Slope {
  Mask reciprocal;
  Double steepness;
  Double unit;

  HWY_INLINE explicit Slope(Double a) {
    const Double n = Round(Smaller(1.0 / a, kLargestReciprocal));
    reciprocal = (1.0 / n == a);
    steepness = Select(reciprocal, 1.0, a);
    unit = Select(reciprocal, n, 1.0);
  }
  // unit (k a x + b), for a small whole number k; which of the two it meets keeps it finite.
  template <class N>
  HWY_INLINE N Line(double k, Double x, Double b) const {
    const Mask steep = steepness > 1.0;
    const Double slope = Select(steep, steepness, k * steepness);
    const Double at = Select(steep, k * x, x);
    return ProductPlus<N>(Select(reciprocal, unit, slope), Select(reciprocal, b, at),
                          Select(reciprocal, k * x, b));
  }
  // Where the line a x reaches `distance`: the double nearest to distance / a.
  HWY_INLINE Double Knee(DoubleDouble distance) const {
    const Double quotient = distance.hi / steepness;
    const Double rest = (Fma(-quotient, steepness, distance.hi) + distance.lo) / steepness;
    // Beside an infinity the rest says nothing.
    const Double knee = quotient + SelectOrZero(Abs(rest) < kInfinity, rest);
    return Select(reciprocal, Rounded(distance * unit), knee);
  }
  // What is computed `unit` times as large.
  HWY_INLINE Double InUnits(Double multiple) const { return multiple * (1.0 / unit); }
  HWY_INLINE DoubleDouble InUnits(DoubleDouble multiple) const {
    return multiple / DoubleDouble(unit);
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_FUNCTIONS_LINES_INL_H_
