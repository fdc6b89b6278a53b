// Straight lines through doubles, as a number type has them, and where they end: exact in Twin,
// rounded once in Real. A fused product and sum is relatively accurate next to the root too.

#if defined(RECTIFIER_CORE_SIMD_LINES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_SIMD_LINES_INL_H_
#undef RECTIFIER_CORE_SIMD_LINES_INL_H_
#else
#define RECTIFIER_CORE_SIMD_LINES_INL_H_
#endif

#include "core/simd/twin-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// `x`, or 0 where it is multiplied by 0.
HWY_INLINE Real SelectUnlessZero(Real factor, Real x) { return SelectOrZero(Abs(factor) > 0.0, x); }

// a x, where 0 times infinity is 0: the limit of a line as its slope vanishes.
template <class N>
HWY_INLINE N Line(Real a, Real x) {
  return Product<N>(a, SelectUnlessZero(a, x));
}

// a x + b, where 0 times infinity is 0.
template <class N>
HWY_INLINE N Line(Real a, Real x, Real b) {
  // Adding -0 keeps the sign of a zero, adding +0 does not: so -(0 - b), which is b, or -0.
  return ProductPlus<N>(a, SelectUnlessZero(a, x), -(Real(0.0) - b));
}

// Whether x has reached a bound. An infinite one bounds nothing: infinity does not reach it either.
HWY_INLINE Mask Reaches(Real x, Real upper_bound) {
  return (x >= upper_bound) & (upper_bound < kInfinity);
}
HWY_INLINE Mask FallsTo(Real x, Real lower_bound) {
  return (x <= lower_bound) & (lower_bound > -kInfinity);
}
// Whether x is beyond a threshold. Everything is beyond -infinity, -infinity itself too.
HWY_INLINE Mask Exceeds(Real x, Real threshold) {
  return (x > threshold) | (threshold == -kInfinity);
}

// A slope that may be meant as 1/n (Parameter::reciprocal): it is steepness/unit, of which one of
// the two is 1. Both lines and knees are exact where n divides last.
struct Slope {
  Mask reciprocal;
  Real steepness;
  Real unit;

  HWY_INLINE explicit Slope(Real a) {
    const Real n = Round(Smaller(1.0 / a, kLargestReciprocal));
    reciprocal = (1.0 / n == a);
    steepness = Select(reciprocal, 1.0, a);
    unit = Select(reciprocal, n, 1.0);
  }
  // unit (k a x + b), for a small whole number k; which of the two it meets keeps it finite.
  template <class N>
  HWY_INLINE N Line(double k, Real x, Real b) const {
    const Mask steep = steepness > 1.0;
    const Real slope = Select(steep, steepness, k * steepness);
    const Real at = Select(steep, k * x, x);
    return ProductPlus<N>(Select(reciprocal, unit, slope), Select(reciprocal, b, at),
                          Select(reciprocal, k * x, b));
  }
  // Where the line a x reaches `distance`: the double nearest to distance / a.
  HWY_INLINE Real Knee(Twin distance) const {
    const Real quotient = distance.hi / steepness;
    const Real rest = (Fma(-quotient, steepness, distance.hi) + distance.lo) / steepness;
    // Beside an infinity the rest says nothing.
    const Real knee = quotient + SelectOrZero(Abs(rest) < kInfinity, rest);
    return Select(reciprocal, Rounded(distance * unit), knee);
  }
  // What is computed `unit` times as large.
  HWY_INLINE Real InUnits(Real multiple) const { return multiple * (1.0 / unit); }
  HWY_INLINE Twin InUnits(Twin multiple) const { return multiple / Twin(unit); }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_SIMD_LINES_INL_H_
