// Sums and products of a few doubles, right to the last bit in every element type: computed in
// Twins (twin-inl.h), also for the types that are otherwise computed in double lanes.
//
// Those are rounded twice, to a double and when stored. Where a double happens to lie halfway
// between two of the narrower numbers (x/2 + x^2/6 for a subnormal x does), the second rounding
// would not know on which side of it the exact result is. A double that is rounded to odd knows:
// its last bit says that something was lost, and in which direction.
// Source: Boldo and Melquiond, IEEE Trans. Computers 57 (2008): rounding to odd, with at least two
// bits more than the result has, then rounding to nearest is rounding once.

#if defined(RECTIFIER_CORE_SIMD_EXACT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_SIMD_EXACT_INL_H_
#undef RECTIFIER_CORE_SIMD_EXACT_INL_H_
#else
#define RECTIFIER_CORE_SIMD_EXACT_INL_H_
#endif

#include <array>
#include <cstddef>

#include "core/simd/twin-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// hi, unless that is not the whole number: then the one with an odd last bit of the two doubles
// around it.
HWY_INLINE Real RoundedToOdd(Twin a) {
  const auto one = hn::Set(U64(), 1);
  const auto bits = hn::BitCast(U64(), a.hi.v);
  const Real outward = hn::BitCast(F64(), hn::Or(bits, one));
  const Real inward = hn::BitCast(F64(), hn::Or(hn::Sub(bits, one), one));
  const Mask positive = a.hi > 0.0, negative = a.hi < 0.0;
  const Mask above = a.lo > 0.0, below = a.lo < 0.0;
  return Select((positive & above) | (negative & below), outward,
                Select((positive & below) | (negative & above), inward, a.hi));
}

// `exact` as a result of N.
template <class N>
HWY_INLINE N Rounded(Twin exact) {
  if constexpr (kIsTwin<N>) {
    return exact;
  } else {
    return RoundedToOdd(exact);
  }
}

// a - b, exactly.
HWY_INLINE Twin Difference(Real a, Real b) { return SumOf<Twin>(a, -b); }

// a x, where 0 times infinity is 0: the limit of a line as its slope vanishes.
HWY_INLINE Twin Line(Real a, Real x) {
  return Select(a == 0.0, 0.0, Product<Twin>(a, x));
}

// a x + b, where 0 times infinity is 0.
HWY_INLINE Twin Line(Real a, Real x, Real b) {
  // -0 + 0 would be +0.
  return Select(b == 0.0, Line(a, x), Select(a == 0.0, b, ProductPlus<Twin>(a, x, b)));
}

// The sum of finite numbers, to 2^-100 relative even where the sum is 2^-100 of its terms.
// Source: Ogita, Rump and Oishi, SIAM J. Sci. Comput. 26 (2005), SumK with K = 4.
template <size_t n>
HWY_INLINE Twin Total(std::array<Real, n> terms) {
  for (int pass = 0; pass < 3; ++pass) {
    for (size_t i = 1; i < n; ++i) {
      const Sum sum = TwoSum(terms[i], terms[i - 1]);
      terms[i] = sum.hi;
      terms[i - 1] = sum.lo;
    }
  }
  Real rest = terms[0];
  for (size_t i = 1; i + 1 < n; ++i) rest = rest + terms[i];
  return Normalized(terms[n - 1], rest);
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_SIMD_EXACT_INL_H_
