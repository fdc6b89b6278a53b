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

// `a` rounded to odd: `a` itself where it is a double, and else the one of its two neighbours whose
// last bit is 1. No tie is such a number, so that none is moved onto one.
HWY_INLINE Real RoundedToOdd(Twin a) {
  const Sum sum = TwoSum(a.hi, a.lo);
  const auto one = hn::Set(U64(), 1);
  const auto bits = hn::BitCast(U64(), sum.hi.v);
  const Mask outward = (sum.hi > 0.0) == (sum.lo > 0.0);
  const auto moved =
      hn::IfThenElse(hn::RebindMask(U64(), outward.m), hn::Add(bits, one), hn::Sub(bits, one));
  const Mask even = {hn::RebindMask(F64(), hn::Eq(hn::And(bits, one), hn::Zero(U64())))};
  const Real size = Abs(sum.lo);
  const Mask between = even & (size > 0.0) & (size < kInfinity) & (Abs(sum.hi) > 0.0);
  // Beside an infinity, and beside a zero with its sign, lo says nothing.
  const Mask whole = (Abs(a.hi) < kInfinity) & (Abs(a.lo) > 0.0);
  return Select(whole, Select(between, hn::BitCast(F64(), moved), sum.hi), a.hi);
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
HWY_INLINE Twin Line(Real a, Real x) { return Select(a == 0.0, 0.0, Product<Twin>(a, x)); }

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
  return SumOf<Twin>(terms[n - 1], rest);
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_SIMD_EXACT_INL_H_
