// Sums whose terms cancel at roots that are not known beforehand: they move with the arguments, or
// there are infinitely many.

#if defined(RECTIFIER_CORE_FUNCTIONS_CANCELLATION_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_FUNCTIONS_CANCELLATION_INL_H_
#undef RECTIFIER_CORE_FUNCTIONS_CANCELLATION_INL_H_
#else
#define RECTIFIER_CORE_FUNCTIONS_CANCELLATION_INL_H_
#endif

#include <array>
#include <cstddef>

#include "core/numbers/double_double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// A sum that may have cancelled, with its second part small beside the first again.
HWY_INLINE Double Renormalized(Double a) { return a; }
HWY_INLINE DoubleDouble Renormalized(DoubleDouble a) {
  const Double hi = Rounded(a);
  return {hi, a.lo - (hi - a.hi)};
}

// A sum of terms of about `size`: where it has lost six bits or more to cancellation, its terms are
// computed again as DoubleDoubles. `in_double_double` returns that sum. In DoubleDouble itself the
// absolute error stays at 2^-64 of the terms, and the relative one has no bound.
template <class Function>
HWY_INLINE Double Resolved(Double sum, Double size, const Function& in_double_double) {
  const Mask lost = Abs(sum) < size * 0x1p-6;
  if (HWY_LIKELY(hn::AllFalse(F64(), lost.m))) return sum;
  return Select(lost, Rounded(in_double_double()), sum);
}
template <class Function>
HWY_INLINE DoubleDouble Resolved(DoubleDouble sum, Double /*size*/,
                                 const Function& /*in_double_double*/) {
  return sum;
}

// A sum of terms of about `size` that in_double_double(terms...) returns with a small relative
// error even where it cancels; in Double, `sum` where it does not. A closure would have to be
// stored in each pass of the loop, so that the terms are handed on here.
template <class N, class... Terms>
HWY_INLINE N InDoubleDoubleWhereLost(Double sum, Double size,
                                     DoubleDouble (*in_double_double)(Terms...), Terms... terms) {
  if constexpr (kIsDoubleDouble<N>) {
    return in_double_double(terms...);
  } else {
    return Resolved(sum, size, [&]() HWY_ATTR { return in_double_double(terms...); });
  }
}

// The sum of finite numbers, to 2^-100 relative even where the sum is 2^-100 of its terms.
// Source: Ogita, Rump and Oishi, SIAM J. Sci. Comput. 26 (2005), SumK with K = 4.
template <size_t n>
HWY_INLINE DoubleDouble Total(std::array<Double, n> terms) {
  for (int pass = 0; pass < 3; ++pass) {
    for (size_t i = 1; i < n; ++i) {
      const Sum sum = TwoSum(terms[i], terms[i - 1]);
      terms[i] = sum.hi;
      terms[i - 1] = sum.lo;
    }
  }
  Double rest = terms[0];
  for (size_t i = 1; i + 1 < n; ++i) rest = rest + terms[i];
  return SumOf<DoubleDouble>(terms[n - 1], rest);
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_FUNCTIONS_CANCELLATION_INL_H_
