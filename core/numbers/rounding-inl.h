// Which way a result is rounded. Fast arithmetic knows a result within an error. Where the two ends
// of that interval round to the same element, so does the exact result; where they do not, a tie
// lies between them, or next to it, and the result is computed again with more digits. Results of
// float-floats are computed again in double lanes, those of double lanes in double-double lanes,
// which hand on the double next to the result on the exact one's side (RoundedToOdd). silu(x) is
// x/2 + x^2/4 + ..., and x/2 may lie between two bfloat16 numbers: where a term is too small even
// for double-doubles, an activation says on which side it lies (BreakTie).

#if defined(RECTIFIER_CORE_NUMBERS_ROUNDING_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_NUMBERS_ROUNDING_INL_H_
#undef RECTIFIER_CORE_NUMBERS_ROUNDING_INL_H_
#else
#define RECTIFIER_CORE_NUMBERS_ROUNDING_INL_H_
#endif

#include <concepts>
#include <type_traits>

#include "core/numbers/bounds.h"
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

// A double rounded to a float; and whether a relative error of 2^kBound could have changed that, of
// subnormal and overflowing results too.
template <int kBound>
struct RoundedFloat {
  VF32 rounded;
  VU32 difference;  // not 0 where it could

  HWY_INLINE explicit RoundedFloat(Double a) {
    rounded = RoundToFloat(a * (1 + bounds::PowerOfTwo(kBound)));
    const VF32 other = RoundToFloat(a * (1 - bounds::PowerOfTwo(kBound)));
    difference = hn::Xor(AsBits(rounded), AsBits(other));
  }
};

// The lanes in which any of several results may lie next to a tie between elements of T: nearer
// than their error, which for 16-bit types is taken to be 2^-25 of them.
template <class T>
class Ties {};
template <class T>
requires kIsHalf<T>
class Ties<T> {
 public:
  using D = typename RoundedHalf<T>::Lanes;

  HWY_INLINE Ties() : lanes_(hn::Ne(hn::Zero(D()), hn::Zero(D()))) {}

  HWY_INLINE void Add(const RoundedHalf<T>& rounded) { lanes_ = hn::Or(lanes_, rounded.halfway); }
  HWY_INLINE hn::Mask<D> Lanes() const { return lanes_; }

 private:
  hn::Mask<D> lanes_;
};
template <>
class Ties<float> {
 public:
  using D = U32;

  HWY_INLINE Ties() : difference_(hn::Zero(D())) {}

  template <int kBound>
  HWY_INLINE void Add(const RoundedFloat<kBound>& rounded) {
    difference_ = hn::Or(difference_, rounded.difference);
  }
  HWY_INLINE hn::Mask<D> Lanes() const { return hn::Ne(difference_, hn::Zero(D())); }

 private:
  VU32 difference_;
};

// `result`; but where it is no more than the leading term of its series, as far as double-doubles
// of functions can tell (2^-58), with a trace of what follows, of which the sign of `rest` tells
// the side (0: nothing follows). Double lanes leave ties to double-doubles.
HWY_INLINE Double BreakTie(Double result, Double /*leading*/, Double /*rest*/) { return result; }
template <std::same_as<DoubleDouble> T>
HWY_INLINE DoubleDouble BreakTie(T result, Double leading, Double rest) {
  const Double size = Abs(leading);
  // Some of the least doubles hide that, too.
  const Double resolved = Fma(size, 0x1p-58, 0x1p-1072);
  const Mask lost = Abs((result.hi - leading) + result.lo) < resolved;
  const Double trace = WithSign(size * 0x1p-110, rest);
  return Select(lost & (Abs(rest) > 0.0), DoubleDouble(leading, trace), result);
}
// The same where the leading term is a product: what is no double is no tie.
template <std::same_as<DoubleDouble> T>
HWY_INLINE DoubleDouble BreakTie(T result, T leading, Double rest) {
  const Sum whole = Normalized(leading);
  return BreakTie(result, whole.hi, SelectOrZero(whole.lo == 0.0, rest));
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_NUMBERS_ROUNDING_INL_H_
