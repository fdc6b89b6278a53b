// Double: one vector of doubles (vector-inl.h), and what arithmetic needs beside the operators.
// float32, float16 and bfloat16 are computed in it, and rounded once when stored. Two things are
// not: float32 values and gradients that come from float-floats (float_float-inl.h), and ties,
// which double-doubles compute again (rounding-inl.h). Both parts of a double-double
// (double_double-inl.h) are Doubles.

#if defined(RECTIFIER_CORE_NUMBERS_DOUBLE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_NUMBERS_DOUBLE_INL_H_
#undef RECTIFIER_CORE_NUMBERS_DOUBLE_INL_H_
#else
#define RECTIFIER_CORE_NUMBERS_DOUBLE_INL_H_
#endif

#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/numbers/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

using F64 = hn::ScalableTag<double>;
using U64 = hn::RebindToUnsigned<F64>;

using Double = Vector<double>;
using Mask = MaskOf<double>;

inline constexpr size_t kLanes = hn::MaxLanes(F64());

HWY_INLINE Double Load(const double* from) { return hn::LoadU(F64(), from); }
HWY_INLINE void Store(Double a, double* to) { hn::StoreU(a.v, F64(), to); }

// A polynomial by Estrin's scheme instead of Horner's: a few products more, in chains that do not
// wait for each other.
template <size_t kFirst, size_t kCount, size_t n>
HWY_INLINE Double ShortChains(const double (&c)[n], const Double (&powers)[5]) {
  if constexpr (kCount == 1) {
    return c[kFirst];
  } else {
    constexpr size_t kHalf = std::bit_ceil(kCount) / 2;
    return Fma(ShortChains<kFirst + kHalf, kCount - kHalf>(c, powers),
               powers[std::countr_zero(kHalf)], ShortChains<kFirst, kHalf>(c, powers));
  }
}
template <size_t n>
HWY_INLINE Double LongPolynomial(Double x, const double (&c)[n]) {
  static_assert(n <= 32);
  const Double x2 = x * x, x4 = x2 * x2, x8 = x4 * x4, x16 = x8 * x8;
  return ShortChains<0, n>(c, {x, x2, x4, x8, x16});
}

// 2^52 + 2^51: adding it to |a| < 2^51 leaves the nearest integer in the low bits.
inline constexpr double kIntegerShift = 0x1.8p52;

// The nearest integer, ties to even, for |a| < 2^51.
HWY_INLINE Double Round(Double a) { return (a + kIntegerShift) - kIntegerShift; }

// 2^n for an integer n in [-1022, 1023].
HWY_INLINE Double Pow2(Double n) {
  const auto integer = hn::BitCast(U64(), (n + kIntegerShift).v);
  const auto biased = hn::Add(integer, hn::Set(U64(), 1023));
  return hn::BitCast(F64(), hn::ShiftLeft<52>(biased));
}

// a * 2^n, n an integer in [-2044, 2046]. Rounds once for |a| >= 2^-969, or a normal result.
HWY_INLINE Double Ldexp(Double a, Double n) {
  const Double half = Round(n * 0.5);
  return a * Pow2(half) * Pow2(n - half);
}

// The number rounded to a double; of numbers of more digits too.
HWY_INLINE Double Rounded(Double a) { return a; }

// hi + lo == a + b exactly.
struct Sum {
  Double hi;
  Double lo;
};
HWY_INLINE Sum TwoSum(Double a, Double b) {
  const Double hi = a + b;
  const Double shadow = hi - a;
  return {hi, (a - (hi - shadow)) + (b - shadow)};
}

// hi + lo == a * b exactly unless lo would be subnormal; lo is 0 where |hi| is 1e300 or more.
HWY_INLINE Sum TwoProduct(Double a, Double b) {
  const Double hi = a * b;
  return {hi, SelectOrZero(Abs(hi) < 1e300, Fma(a, b, -hi))};
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_NUMBERS_DOUBLE_INL_H_
