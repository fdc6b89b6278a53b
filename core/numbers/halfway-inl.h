// Results halfway between two neighbours of a 16-bit type. Double lanes have digits enough to round
// any other result as the exact one would be; halfway, a term too small for a double decides:
// silu(x) is x/2 + x^2/4 + ..., and x/2 may lie between two bfloat16 numbers. Such results are
// computed again in double-double lanes, and handed on as the double next to them on the exact
// one's side. Where a term is too small even for those, an activation says on which side it lies:
// BreakTie().

#if defined(RECTIFIER_CORE_NUMBERS_HALFWAY_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_NUMBERS_HALFWAY_INL_H_
#undef RECTIFIER_CORE_NUMBERS_HALFWAY_INL_H_
#else
#define RECTIFIER_CORE_NUMBERS_HALFWAY_INL_H_
#endif

#include <type_traits>

#include "core/numbers/double_double-inl.h"
#include "core/numbers/element-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// `a` rounded to odd: `a` itself where it is a double, and else the one of its two neighbours whose
// last bit is 1. No tie is such a number, and no rounding moves a number that is none onto one.
// Source: Boldo and Melquiond, IEEE Trans. Computers 57 (2008): rounding to odd, with at least two
// bits more than the result has, then rounding to nearest is rounding once.
HWY_INLINE Double RoundedToOdd(DoubleDouble a) {
  const Sum sum = TwoSum(a.hi, a.lo);
  const auto one = hn::Set(U64(), 1);
  const auto bits = hn::BitCast(U64(), sum.hi.v);
  const Mask outward = (sum.hi > 0.0) == (sum.lo > 0.0);
  const auto moved =
      hn::IfThenElse(hn::RebindMask(U64(), outward.m), hn::Add(bits, one), hn::Sub(bits, one));
  const Mask even = {hn::RebindMask(F64(), hn::Eq(hn::And(bits, one), hn::Zero(U64())))};
  const Double size = Abs(sum.lo);
  const Mask between = even & (size > 0.0) & (size < kInfinity) & (Abs(sum.hi) > 0.0);
  // Beside an infinity, and beside a zero with its sign, lo says nothing.
  const Mask whole = (Abs(a.hi) < kInfinity) & (Abs(a.lo) > 0.0);
  return Select(whole, Select(between, hn::BitCast(F64(), moved), sum.hi), a.hi);
}

// The lanes in which any of several results may lie halfway. Doubles within 2^-25 of a tie of T are
// among them, which is more than their error.
template <class T>
struct Ties {};
template <class T>
requires kIsHalf<T>
struct Ties<T> {
  using D = typename RoundedHalf<T>::Lanes;
  hn::Mask<D> lanes;

  HWY_INLINE Ties() : lanes(hn::Ne(hn::Zero(D()), hn::Zero(D()))) {}

  HWY_INLINE void Add(const RoundedHalf<T>& rounded) { lanes = hn::Or(lanes, rounded.halfway); }
  HWY_INLINE bool Any() const { return !hn::AllFalse(D(), lanes); }
  HWY_INLINE void StoreBits(uint8_t (&bits)[8]) const { hn::StoreMaskBits(D(), lanes, bits); }
};

// `result`; but where it is no more than the leading term of its series, as far as double-doubles
// of functions can tell (2^-58), with a trace of what follows, of which the sign of `rest` tells
// the side (0: nothing follows). Double lanes leave ties to double-doubles.
HWY_INLINE Double BreakTie(Double result, Double /*leading*/, Double /*rest*/) { return result; }
template <std::same_as<DoubleDouble> T>
HWY_INLINE DoubleDouble BreakTie(T result, Double leading, Double rest) {
  const Double size = Abs(leading);
  const Mask lost = Abs((result.hi - leading) + result.lo) < size * 0x1p-58;
  const Double trace = WithSign(size * 0x1p-110, rest);
  return Select(lost & (Abs(rest) > 0.0), DoubleDouble(leading, trace), result);
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_NUMBERS_HALFWAY_INL_H_
