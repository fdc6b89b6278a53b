// Taylor series of functions next to their roots.

#if defined(RECTIFIER_CORE_FUNCTIONS_ROOTS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_FUNCTIONS_ROOTS_INL_H_
#undef RECTIFIER_CORE_FUNCTIONS_ROOTS_INL_H_
#else
#define RECTIFIER_CORE_FUNCTIONS_ROOTS_INL_H_
#endif

#include "core/functions/coefficients.h"
#include "core/numbers/double_double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// c[1] + c[2] d + ...
template <size_t n>
HWY_INLINE Double TailOf(Double d, const double (&c)[n]) {
  Double sum = c[n - 1];
  for (size_t i = n - 1; i-- > 1;) sum = Fma(sum, d, c[i]);
  return sum;
}

// How far u lies from a root. The parts that are too small for a double count where both are close.
HWY_INLINE DoubleDouble DistanceTo(const coefficients::Root& root, DoubleDouble u) {
  return (SumOf<DoubleDouble>(u.hi - root.at[0], -root.at[1]) + u.lo) - root.at[2];
}

// The value of a function at u next to one of its roots; the lanes of `far` elsewhere. Far from its
// roots a function may be a difference of terms; next to them it is its Taylor series there.
template <class N, class... Scale>
HWY_INLINE N AtRoot(DoubleDouble u, N far, const coefficients::Root& root, Scale... scale) {
  const Mask near = Abs(u.hi - root.at[0]) < coefficients::kRootRadius;
  if (HWY_LIKELY(hn::AllFalse(F64(), near.m))) return far;
  const DoubleDouble d = DistanceTo(root, u);
  if constexpr (kIsDoubleDouble<N>) {
    const DoubleDouble slope =
        DoubleDouble(root.c[0], root.slope_low) + d.hi * TailOf(d.hi, root.c);
    return Select(near, ((d * slope) * ... * scale), far);
  } else {
    const Double rounded = Rounded(d);
    return Select(near, ((rounded * Polynomial(rounded, root.c)) * ... * scale), far);
  }
}
// Where there is a `scale`, `far` has it already, and the series gets it.
template <class N, size_t n, class... Scale>
HWY_INLINE N AtRoots(DoubleDouble u, N far, const coefficients::Root (&roots)[n], Scale... scale) {
  for (const coefficients::Root& root : roots) far = AtRoot(u, far, root, scale...);
  return far;
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_FUNCTIONS_ROOTS_INL_H_
