// Results halfway between two neighbours of a 16-bit type. Double lanes have digits enough to round
// any other result as the exact one would be; halfway, a term too small for a double decides:
// silu(x) is x/2 + x^2/4 + ..., and x/2 may lie between two bfloat16 numbers. Such results are
// computed again in double-double lanes, and handed on as the double next to them on the exact
// one's side. Where a term is too small even for those, an activation says on which side it lies:
// OffTie().

#if defined(RECTIFIER_CORE_SIMD_TIES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_SIMD_TIES_INL_H_
#undef RECTIFIER_CORE_SIMD_TIES_INL_H_
#else
#define RECTIFIER_CORE_SIMD_TIES_INL_H_
#endif

#include <type_traits>

#include "core/simd/element-inl.h"
#include "core/simd/twin-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

template <class T>
inline constexpr bool kIsHalf = std::is_same_v<T, Float16> || std::is_same_v<T, BFloat16>;

// `a` rounded to odd: `a` itself where it is a double, and else the one of its two neighbours whose
// last bit is 1. No tie is such a number, and no rounding moves a number that is none onto one.
// Source: Boldo and Melquiond, IEEE Trans. Computers 57 (2008): rounding to odd, with at least two
// bits more than the result has, then rounding to nearest is rounding once.
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

// Whether `a` lies halfway between two numbers of T, or among its subnormal numbers (where that is
// told less easily) with few digits: up to 2^-36 of `a`, which is more than its error.
template <class T>
HWY_INLINE Mask MayBeHalfway(Real a) {
  constexpr int kDropped = std::is_same_v<T, Float16> ? 42 : 45;  // bits of a double's 52
  constexpr double kLeastNormal = std::is_same_v<T, Float16> ? 0x1p-14 : 0x1p-126;
  constexpr uint64_t kHalf = uint64_t{1} << (kDropped - 1);
  constexpr uint64_t kMargin = uint64_t{1} << 16;
  const auto bits = hn::Add(hn::BitCast(U64(), a.v), hn::Set(U64(), kMargin));
  const auto dropped = hn::And(bits, hn::Set(U64(), 2 * kHalf - 2 * kMargin));
  const Mask halfway = {hn::RebindMask(F64(), hn::Eq(dropped, hn::Set(U64(), kHalf)))};
  const auto low = hn::And(bits, hn::Set(U64(), kHalf - 2 * kMargin));
  const Mask few_digits = {hn::RebindMask(F64(), hn::Eq(low, hn::Zero(U64())))};
  const Real size = Abs(a);
  return halfway | (few_digits & (size < kLeastNormal) & (size > 0.0));
}

// `result`; but where it is no more than the leading term of its series, as far as double-doubles
// of functions can tell (2^-58), with a trace of what follows, of which the sign of `rest` tells
// the side (0: nothing follows). Double lanes leave ties to double-doubles.
HWY_INLINE Real OffTie(Real result, Real /*leading*/, Real /*rest*/) { return result; }
template <std::same_as<Twin> T>
HWY_INLINE Twin OffTie(T result, Real leading, Real rest) {
  const Real size = Abs(leading);
  const Mask lost = Abs((result.hi - leading) + result.lo) < size * 0x1p-58;
  const Real trace = WithSign(size * 0x1p-110, rest);
  return Select(lost & (Abs(rest) > 0.0), Twin(leading, trace), result);
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_SIMD_TIES_INL_H_
