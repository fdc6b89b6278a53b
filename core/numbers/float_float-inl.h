// FloatFloat: one vector of float-floats, numbers of about 48 bits as unevaluated sums hi + lo.
// A vector has twice as many floats as doubles, and the quotient of floats takes half the time: for
// the functions that are asked for most, float32 results come from these lanes
// (elementwise_float32-inl.h).
//
// The arithmetic is that of DoubleDouble (double_double-inl.h): hi is what plain floats would have,
// lo collects its errors. Unlike there, infinities, NaN and results near the ends of the range are
// not looked after: who computes in these lanes leaves such elements to double lanes. Sources:
// Dekker, Numer. Math. 18 (1971); Lange and Rump, ACM TOMS 46 (2020).

#if defined(RECTIFIER_CORE_NUMBERS_FLOAT_FLOAT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_NUMBERS_FLOAT_FLOAT_INL_H_
#undef RECTIFIER_CORE_NUMBERS_FLOAT_FLOAT_INL_H_
#else
#define RECTIFIER_CORE_NUMBERS_FLOAT_FLOAT_INL_H_
#endif

#include <cstddef>
#include <cstdint>

#include "core/numbers/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

using Floats = hn::ScalableTag<float>;
using FloatBits = hn::RebindToUnsigned<Floats>;

using Float = Vector<float>;
using FloatMask = MaskOf<float>;

inline constexpr size_t kFloatLanes = hn::MaxLanes(Floats());

// Where not low <= a <= high: also where `a` is a NaN.
HWY_INLINE FloatMask Beyond(Float a, Float low, Float high) {
#if HWY_TARGET <= HWY_AVX3  // whose comparisons have a "not" of their own
  const auto below = _mm512_cmp_ps_mask(a.v.raw, low.v.raw, _CMP_NGE_UQ);
  const auto above = _mm512_cmp_ps_mask(a.v.raw, high.v.raw, _CMP_NLE_UQ);
  return {hn::Or(hn::Mask<Floats>{below}, hn::Mask<Floats>{above})};
#else
  return {hn::Not(hn::And(hn::Ge(a.v, low.v), hn::Le(a.v, high.v)))};
#endif
}

// Where not a <= high: also where `a` is a NaN.
HWY_INLINE FloatMask NotAtMost(Float a, Float high) {
#if HWY_TARGET <= HWY_AVX3
  return {hn::Mask<Floats>{_mm512_cmp_ps_mask(a.v.raw, high.v.raw, _CMP_NLE_UQ)}};
#else
  return {hn::Not(hn::Le(a.v, high.v))};
#endif
}

// table[index % n] for the index in the low bits of each lane.
template <size_t n>
HWY_INLINE Float Lookup(const float (&table)[n], hn::Vec<FloatBits> index) {
  static_assert(n == 16 || n == 32);
#if HWY_TARGET <= HWY_AVX3
  // The instructions ignore the other bits.
  if constexpr (n == 16) {
    return hn::Vec<Floats>{_mm512_permutexvar_ps(index.raw, _mm512_load_ps(table))};
  } else {
    return hn::Vec<Floats>{
        _mm512_permutex2var_ps(_mm512_load_ps(table), index.raw, _mm512_load_ps(table + 16))};
  }
#elif HWY_TARGET == HWY_AVX2
  // Each eight are looked up by three bits, and one of those found is taken by the others: in less
  // time than a gather.
  const auto found = [&](size_t i) HWY_ATTR {
    return _mm256_permutevar8x32_ps(_mm256_load_ps(table + i), index.raw);
  };
  const __m256 bit_3 = _mm256_castsi256_ps(_mm256_slli_epi32(index.raw, 28));
  const __m256 low = _mm256_blendv_ps(found(0), found(8), bit_3);
  if constexpr (n == 16) {
    return hn::Vec<Floats>{low};
  } else {
    const __m256 bit_4 = _mm256_castsi256_ps(_mm256_slli_epi32(index.raw, 27));
    const __m256 high = _mm256_blendv_ps(found(16), found(24), bit_3);
    return hn::Vec<Floats>{_mm256_blendv_ps(low, high, bit_4)};
  }
#else
  using Indices = hn::RebindToSigned<Floats>;
  const auto masked = hn::And(index, hn::Set(FloatBits(), n - 1));
  return hn::GatherIndex(Floats(), table, hn::BitCast(Indices(), masked));
#endif
}

// 2^23 + 2^22: adding it to |a| < 2^22 leaves the nearest integer in the low bits.
inline constexpr float kFloatIntegerShift = 0x1.8p23f;

HWY_INLINE hn::Vec<FloatBits> BitsOf(Float a) { return hn::BitCast(FloatBits(), a.v); }

struct FloatFloat {
  Float hi;
  Float lo;

  FloatFloat() = default;
  HWY_INLINE explicit FloatFloat(Float number) : hi(number), lo(0.0f) {}
  HWY_INLINE FloatFloat(Float hi, Float lo) : hi(hi), lo(lo) {}
};

HWY_INLINE Float Rounded(FloatFloat a) { return a.hi + a.lo; }

// A float-float rounded to a float; and whether a relative error of `error` could have changed
// that.
struct RoundedFloatFloat {
  Float rounded;
  hn::Vec<FloatBits> difference;  // not 0 where it could

  // Products may be rounded before they are added, which makes no difference to a bound.
  HWY_INLINE RoundedFloatFloat(FloatFloat a, float error) {
    Float other;
    if (error < 0x1p-36f) {
      // Where hi + lo lies next to a tie, lo is half a unit in the last place at least, which is
      // 2^-25 of hi or more: what is an error of hi is one of lo, 2^25 times as large relatively.
      // This is cheap, but takes too much for an error where lo is large.
      const float of_low = error * 0x1.01p25f;
      rounded = hn::MulAdd(a.lo.v, Float(1 + of_low).v, a.hi.v);
      other = hn::MulAdd(a.lo.v, Float(1 - of_low).v, a.hi.v);
    } else {
      rounded = a.hi + hn::MulAdd(a.hi.v, Float(error).v, a.lo.v);
      other = a.hi + hn::NegMulAdd(a.hi.v, Float(error).v, a.lo.v);
    }
    difference = hn::Xor(BitsOf(rounded), BitsOf(other));
  }
};

// a + b where |a| >= |b|, or a is 0.
HWY_INLINE FloatFloat SumOfOrdered(Float a, Float b) {
  const Float hi = a + b;
  return {hi, (a - hi) + b};
}
HWY_INLINE FloatFloat SumOfFloats(Float a, Float b) {
  const Float hi = a + b;
  const Float shadow = hi - a;
  return {hi, (a - (hi - shadow)) + (b - shadow)};
}
HWY_INLINE FloatFloat ProductOfFloats(Float a, Float b) {
  const Float hi = a * b;
  return {hi, MultiplySubtract(a, b, hi)};
}

HWY_INLINE FloatFloat operator+(FloatFloat a, FloatFloat b) {
  const FloatFloat sum = SumOfFloats(a.hi, b.hi);
  return {sum.hi, sum.lo + (a.lo + b.lo)};
}
HWY_INLINE FloatFloat operator+(FloatFloat a, Float b) {
  const FloatFloat sum = SumOfFloats(a.hi, b);
  return {sum.hi, sum.lo + a.lo};
}
HWY_INLINE FloatFloat operator-(FloatFloat a) { return {-a.hi, -a.lo}; }
HWY_INLINE FloatFloat operator-(FloatFloat a, FloatFloat b) {
  const FloatFloat sum = SumOfFloats(a.hi, -b.hi);
  return {sum.hi, sum.lo + (a.lo - b.lo)};
}
// a + b where |a| >= |b|, or a is 0.
HWY_INLINE FloatFloat AddSmaller(FloatFloat a, FloatFloat b) {
  const FloatFloat sum = SumOfOrdered(a.hi, b.hi);
  return {sum.hi, sum.lo + (a.lo + b.lo)};
}
HWY_INLINE FloatFloat AddSmaller(Float a, FloatFloat b) {
  const FloatFloat sum = SumOfOrdered(a, b.hi);
  return {sum.hi, sum.lo + b.lo};
}
HWY_INLINE FloatFloat AddSmaller(FloatFloat a, Float b) {
  const FloatFloat sum = SumOfOrdered(a.hi, b);
  return {sum.hi, sum.lo + a.lo};
}
HWY_INLINE FloatFloat SubtractSmaller(Float a, FloatFloat b) {
  const Float hi = a - b.hi;
  return {hi, ((a - hi) - b.hi) - b.lo};
}
// a + b for positive numbers.
HWY_INLINE FloatFloat AddPositive(FloatFloat a, Float b) {
  const FloatFloat sum = SumOfOrdered(Larger(a.hi, b), Smaller(a.hi, b));
  return {sum.hi, sum.lo + a.lo};
}
HWY_INLINE FloatFloat operator*(FloatFloat a, Float b) {
  const Float hi = a.hi * b;
  return {hi, Fma(a.lo, b, MultiplySubtract(a.hi, b, hi))};
}
HWY_INLINE FloatFloat operator*(FloatFloat a, FloatFloat b) {
  const Float hi = a.hi * b.hi;
  return {hi, Fma(a.hi, b.lo, Fma(a.lo, b.hi, MultiplySubtract(a.hi, b.hi, hi)))};
}
// a times a power of two.
HWY_INLINE FloatFloat Scaled(FloatFloat a, Float power) { return {a.hi * power, a.lo * power}; }

HWY_INLINE FloatFloat Inverse(FloatFloat a) {
  const Float inverse = Float(1.0f) / a.hi;
  const Float rest = SubtractProduct(1.0f, a.hi, inverse);
  return {inverse, inverse * SubtractProduct(rest, a.lo, inverse)};
}

HWY_INLINE FloatFloat Select(FloatMask condition, FloatFloat yes, FloatFloat no) {
  return {Select(condition, yes.hi, no.hi), Select(condition, yes.lo, no.lo)};
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_NUMBERS_FLOAT_FLOAT_INL_H_
