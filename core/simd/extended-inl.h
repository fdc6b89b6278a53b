// Numbers with about twice the digits of a double, and the arithmetic of rows over either: Real
// where an element type has digits to spare in a double, Extended for float64.

#if defined(RECTIFIER_CORE_SIMD_EXTENDED_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_SIMD_EXTENDED_INL_H_
#undef RECTIFIER_CORE_SIMD_EXTENDED_INL_H_
#else
#define RECTIFIER_CORE_SIMD_EXTENDED_INL_H_
#endif

#include <type_traits>

#include "core/simd/real-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// hi + lo; |lo| is at most about an ULP of hi. Where hi is not finite, lo is 0.
struct Extended {
  Real hi;
  Real lo;

  Extended() = default;
  HWY_INLINE Extended(Real high, Real low) : hi(high), lo(low) {}
  HWY_INLINE Extended(Real number) : hi(number), lo(0.0) {}  // NOLINT: implicit
  HWY_INLINE explicit Extended(double number) : hi(number), lo(0.0) {}
  HWY_INLINE explicit Extended(Sum sum)
      : hi(sum.hi), lo(SelectOrZero(Abs(sum.hi) < kInfinity, sum.lo)) {}
};

// hi + lo with |hi| >= |lo| or hi == 0, made to meet Extended's conditions.
HWY_INLINE Extended Renormalized(Real hi, Real lo) {
  const Real finite = SelectOrZero(Abs(hi) < kInfinity, lo);
  const Real sum = Select(finite == 0.0, hi, hi + finite);  // a hi of -0 stays
  return Extended(Sum{sum, finite - (sum - hi)});
}

// Relative error of each: below 2^-100, unless terms of a sum cancel or a result underflows.
HWY_INLINE Extended operator+(Extended a, Extended b) {
  const Sum sum = TwoSum(a.hi, b.hi);
  return Renormalized(sum.hi, sum.lo + (a.lo + b.lo));
}
HWY_INLINE Extended operator-(Extended a) { return {-a.hi, -a.lo}; }
HWY_INLINE Extended operator-(Extended a, Extended b) { return a + -b; }
HWY_INLINE Extended operator*(Extended a, Extended b) {
  const Real hi = a.hi * b.hi;
  return Renormalized(hi, Fma(a.hi, b.hi, -hi) + Fma(a.hi, b.lo, a.lo * b.hi));
}
HWY_INLINE Extended operator/(Extended a, Extended b) {
  const Real hi = a.hi / b.hi;
  const Real rest = Fma(-hi, b.hi, a.hi) + Fma(-hi, b.lo, a.lo);
  return Renormalized(hi, rest / b.hi);
}

HWY_INLINE Extended Select(Mask condition, Extended yes, Extended no) {
  return {Select(condition, yes.hi, no.hi), Select(condition, yes.lo, no.lo)};
}
HWY_INLINE Extended SelectOrZero(Mask condition, Extended yes) {
  return {SelectOrZero(condition, yes.hi), SelectOrZero(condition, yes.lo)};
}

HWY_INLINE Real Rounded(Extended a) { return Select(a.lo == 0.0, a.hi, a.hi + a.lo); }

// Of more digits than a double's, the first.
HWY_INLINE Real High(Real a) { return a; }
HWY_INLINE Real High(Extended a) { return a.hi; }

HWY_INLINE Mask Equal(Real a, Real b) { return a == b; }
HWY_INLINE Mask Equal(Extended a, Extended b) { return (a.hi == b.hi) & (a.lo == b.lo); }

// a * b, with a zero that is exact always +0.
HWY_INLINE Real UnsignedZeroProduct(Real a, Real b) { return Fma(a, b, Real(0.0)); }
HWY_INLINE Extended UnsignedZeroProduct(Extended a, Extended b) {
  const Extended product = a * b;
  const Mask zero = ((a.hi == 0.0) | (b.hi == 0.0)) & (product.hi == 0.0);  // not 0 * infinity
  return Select(zero, Extended(0.0), product);
}

// What a row of elements of type T is computed in.
template <class T>
using NumberFor = std::conditional_t<std::is_same_v<T, double>, Extended, Real>;

// a - b, exactly where N is Extended.
template <class N>
HWY_INLINE N Difference(Real a, Real b) {
  if constexpr (std::is_same_v<N, Extended>) {
    return Extended(TwoSum(a, -b));
  } else {
    return a - b;
  }
}
template <class N>
HWY_INLINE N Difference(Extended a, Extended b) {
  return a - b;
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_SIMD_EXTENDED_INL_H_
