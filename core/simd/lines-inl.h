// Straight lines through doubles, as a number type has them: exact in Twin, rounded once in Real.
// A fused product and sum keeps a small relative error next to the line's root too.

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

// Where a line of slope `a` reaches `distance`: the double nearest to distance / a.
HWY_INLINE Real Knee(Twin distance, Twin a) {
  const Twin quotient = distance / a;
  // Beside an infinity lo says nothing.
  return quotient.hi + SelectOrZero(Abs(quotient.lo) < kInfinity, quotient.lo);
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_SIMD_LINES_INL_H_
