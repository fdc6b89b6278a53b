// Sums whose terms cancel at roots that are not known beforehand: they move with the arguments, or
// there are infinitely many.

#if defined(RECTIFIER_CORE_SIMD_CANCELLATION_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_SIMD_CANCELLATION_INL_H_
#undef RECTIFIER_CORE_SIMD_CANCELLATION_INL_H_
#else
#define RECTIFIER_CORE_SIMD_CANCELLATION_INL_H_
#endif

#include "core/simd/twin-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// A sum that may have cancelled, with its second part small beside the first again.
HWY_INLINE Real Renormalized(Real a) { return a; }
HWY_INLINE Twin Renormalized(Twin a) {
  const Real hi = Rounded(a);
  return {hi, a.lo - (hi - a.hi)};
}

// A sum of terms of about `size`: where it has lost six bits or more to cancellation, its terms are
// computed again as Twins. `in_twin` returns that sum. In Twin itself the absolute error stays at
// 2^-64 of the terms, and the relative one has no bound.
template <class Function>
HWY_INLINE Real Resolved(Real sum, Real size, const Function& in_twin) {
  const Mask lost = Abs(sum) < size * 0x1p-6;
  if (HWY_LIKELY(hn::AllFalse(F64(), lost.m))) return sum;
  return Select(lost, Rounded(in_twin()), sum);
}
template <class Function>
HWY_INLINE Twin Resolved(Twin sum, Real /*size*/, const Function& /*in_twin*/) {
  return sum;
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_SIMD_CANCELLATION_INL_H_
