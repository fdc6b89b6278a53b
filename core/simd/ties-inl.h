// Keeps results off ties. A result such as x/2 + x^2/4 is x/2 in double lanes where x is tiny, and
// x/2 may be a tie between two bfloat16 (or subnormal float32) that the lost term would decide.

#if defined(RECTIFIER_CORE_SIMD_TIES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_SIMD_TIES_INL_H_
#undef RECTIFIER_CORE_SIMD_TIES_INL_H_
#else
#define RECTIFIER_CORE_SIMD_TIES_INL_H_
#endif

#include "core/simd/twin-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// `result`; but where it is no more than its leading term, as far as double lanes can tell, the
// next double or two on the side on which the rest of its series lies. `rest` tells that by its
// sign; where it is 0 there is no rest. A float64 result has no tie to decide: a Twin stays as it
// is.
HWY_INLINE Real OffTie(Real result, Real leading, Real rest) {
  const Real nudged = leading * (WithSign(0x1p-52, leading * rest) + 1.0);
  const Mask lost = Abs(result - leading) < Abs(leading) * 0x1p-42;
  return Select(lost & (Abs(rest) > 0.0), nudged, result);
}
HWY_INLINE Twin OffTie(Twin result, Real /*leading*/, Real /*rest*/) { return result; }

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_SIMD_TIES_INL_H_
