// Numbers with about twice the digits of a double, and the arithmetic of rows over either: Double
// where an element type has digits to spare in a double, NormalizedDoubleDouble for float64.

#if defined(RECTIFIER_CORE_NUMBERS_NORMALIZED_DOUBLE_DOUBLE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_NUMBERS_NORMALIZED_DOUBLE_DOUBLE_INL_H_
#undef RECTIFIER_CORE_NUMBERS_NORMALIZED_DOUBLE_DOUBLE_INL_H_
#else
#define RECTIFIER_CORE_NUMBERS_NORMALIZED_DOUBLE_DOUBLE_INL_H_
#endif

#include <type_traits>

#include "core/numbers/double-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// hi + lo; |lo| is at most about an ULP of hi. Where hi is not finite, lo is 0.
struct NormalizedDoubleDouble {
  Double hi;
  Double lo;

  NormalizedDoubleDouble() = default;
  HWY_INLINE NormalizedDoubleDouble(Double high, Double low) : hi(high), lo(low) {}
  HWY_INLINE NormalizedDoubleDouble(Double number) : hi(number), lo(0.0) {}  // NOLINT: implicit
  HWY_INLINE explicit NormalizedDoubleDouble(double number) : hi(number), lo(0.0) {}
  HWY_INLINE explicit NormalizedDoubleDouble(Sum sum)
      : hi(sum.hi), lo(SelectOrZero(Abs(sum.hi) < kInfinity, sum.lo)) {}
};

// hi + lo with |hi| >= |lo| or hi == 0, made to meet NormalizedDoubleDouble's conditions.
HWY_INLINE NormalizedDoubleDouble Renormalized(Double hi, Double lo) {
  const Double finite = SelectOrZero(Abs(hi) < kInfinity, lo);
  const Double sum = Select(finite == 0.0, hi, hi + finite);  // a hi of -0 stays
  return NormalizedDoubleDouble(Sum{sum, finite - (sum - hi)});
}

// Relative error of each: below 2^-100, unless terms of a sum cancel or a result underflows.
HWY_INLINE NormalizedDoubleDouble operator+(NormalizedDoubleDouble a, NormalizedDoubleDouble b) {
  const Sum sum = TwoSum(a.hi, b.hi);
  return Renormalized(sum.hi, sum.lo + (a.lo + b.lo));
}
HWY_INLINE NormalizedDoubleDouble operator-(NormalizedDoubleDouble a) { return {-a.hi, -a.lo}; }
HWY_INLINE NormalizedDoubleDouble operator-(NormalizedDoubleDouble a, NormalizedDoubleDouble b) {
  return a + -b;
}
HWY_INLINE NormalizedDoubleDouble operator*(NormalizedDoubleDouble a, NormalizedDoubleDouble b) {
  const Double hi = a.hi * b.hi;
  return Renormalized(hi, Fma(a.hi, b.hi, -hi) + Fma(a.hi, b.lo, a.lo * b.hi));
}
HWY_INLINE NormalizedDoubleDouble operator/(NormalizedDoubleDouble a, NormalizedDoubleDouble b) {
  const Double hi = a.hi / b.hi;
  const Double rest = Fma(-hi, b.hi, a.hi) + Fma(-hi, b.lo, a.lo);
  return Renormalized(hi, rest / b.hi);
}

HWY_INLINE NormalizedDoubleDouble Select(Mask condition, NormalizedDoubleDouble yes,
                                         NormalizedDoubleDouble no) {
  return {Select(condition, yes.hi, no.hi), Select(condition, yes.lo, no.lo)};
}
HWY_INLINE NormalizedDoubleDouble SelectOrZero(Mask condition, NormalizedDoubleDouble yes) {
  return {SelectOrZero(condition, yes.hi), SelectOrZero(condition, yes.lo)};
}

HWY_INLINE Double Rounded(NormalizedDoubleDouble a) {
  return Select(a.lo == 0.0, a.hi, a.hi + a.lo);
}

// Of more digits than a double's, the first.
HWY_INLINE Double High(Double a) { return a; }
HWY_INLINE Double High(NormalizedDoubleDouble a) { return a.hi; }

HWY_INLINE Mask Equal(Double a, Double b) { return a == b; }
HWY_INLINE Mask Equal(NormalizedDoubleDouble a, NormalizedDoubleDouble b) {
  return (a.hi == b.hi) & (a.lo == b.lo);
}

// a * b, with a zero that is exact always +0.
HWY_INLINE Double UnsignedZeroProduct(Double a, Double b) { return Fma(a, b, Double(0.0)); }
HWY_INLINE NormalizedDoubleDouble UnsignedZeroProduct(NormalizedDoubleDouble a,
                                                      NormalizedDoubleDouble b) {
  const NormalizedDoubleDouble product = a * b;
  const Mask zero = ((a.hi == 0.0) | (b.hi == 0.0)) & (product.hi == 0.0);  // not 0 * infinity
  return Select(zero, NormalizedDoubleDouble(0.0), product);
}

// What a row of elements of type T is computed in.
template <class T>
using RowNumber = std::conditional_t<std::is_same_v<T, double>, NormalizedDoubleDouble, Double>;

// a - b, exactly where N is NormalizedDoubleDouble.
template <class N>
HWY_INLINE N Difference(Double a, Double b) {
  if constexpr (std::is_same_v<N, NormalizedDoubleDouble>) {
    return NormalizedDoubleDouble(TwoSum(a, -b));
  } else {
    return a - b;
  }
}
template <class N>
HWY_INLINE N Difference(NormalizedDoubleDouble a, NormalizedDoubleDouble b) {
  return a - b;
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_NUMBERS_NORMALIZED_DOUBLE_DOUBLE_INL_H_
