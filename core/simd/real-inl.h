// One vector of doubles with the operators of arithmetic, so that the mathematics of an activation
// reads as mathematics. Every element type is computed in these lanes and rounded once when stored.
//
// Results have the same bits on every CPU target: nothing here but correctly rounded IEEE 754
// operations, and Fma is fused on every target (in software where the CPU has no instruction).

#if defined(RECTIFIER_CORE_SIMD_REAL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_SIMD_REAL_INL_H_
#undef RECTIFIER_CORE_SIMD_REAL_INL_H_
#else
#define RECTIFIER_CORE_SIMD_REAL_INL_H_
#endif

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using F64 = hn::ScalableTag<double>;
using U64 = hn::RebindToUnsigned<F64>;

struct Mask {
  hn::Mask<F64> m;
};

struct Real {
  hn::Vec<F64> v;

  Real() = default;
  HWY_INLINE Real(hn::Vec<F64> vector) : v(vector) {}            // NOLINT: implicit
  HWY_INLINE Real(double number) : v(hn::Set(F64(), number)) {}  // NOLINT: implicit
};

inline constexpr size_t kLanes = hn::MaxLanes(F64());

HWY_INLINE Real Load(const double* from) { return hn::LoadU(F64(), from); }
HWY_INLINE void Store(Real a, double* to) { hn::StoreU(a.v, F64(), to); }

HWY_INLINE Real operator+(Real a, Real b) { return hn::Add(a.v, b.v); }
HWY_INLINE Real operator-(Real a, Real b) { return hn::Sub(a.v, b.v); }
HWY_INLINE Real operator*(Real a, Real b) { return hn::Mul(a.v, b.v); }
HWY_INLINE Real operator/(Real a, Real b) { return hn::Div(a.v, b.v); }
HWY_INLINE Real operator-(Real a) { return hn::Neg(a.v); }
HWY_INLINE Real Abs(Real a) { return hn::Abs(a.v); }
HWY_INLINE Real Sqrt(Real a) { return hn::Sqrt(a.v); }

// Comparisons with a NaN are false.
HWY_INLINE Mask operator<(Real a, Real b) { return {hn::Lt(a.v, b.v)}; }
HWY_INLINE Mask operator>(Real a, Real b) { return {hn::Gt(a.v, b.v)}; }
HWY_INLINE Mask operator<=(Real a, Real b) { return {hn::Le(a.v, b.v)}; }
HWY_INLINE Mask operator>=(Real a, Real b) { return {hn::Ge(a.v, b.v)}; }
HWY_INLINE Mask operator==(Real a, Real b) { return {hn::Eq(a.v, b.v)}; }
HWY_INLINE Mask operator&(Mask a, Mask b) { return {hn::And(a.m, b.m)}; }
HWY_INLINE Mask operator==(Mask a, Mask b) { return {hn::Not(hn::Xor(a.m, b.m))}; }
HWY_INLINE Mask operator|(Mask a, Mask b) { return {hn::Or(a.m, b.m)}; }
HWY_INLINE bool Any(Mask a) { return !hn::AllFalse(F64(), a.m); }
HWY_INLINE Mask IsNaN(Real a) { return {hn::IsNaN(a.v)}; }

HWY_INLINE Real Select(Mask condition, Real yes, Real no) {
  return hn::IfThenElse(condition.m, yes.v, no.v);
}
HWY_INLINE Real SelectOrZero(Mask condition, Real yes) {
  return hn::IfThenElseZero(condition.m, yes.v);
}

// The smaller or larger of the two; `b` where either is a NaN or both are zeros. On x86 that is
// what the one instruction does.
#if HWY_TARGET == HWY_SCALAR
HWY_INLINE Real Smaller(Real a, Real b) { return Select(a < b, a, b); }
HWY_INLINE Real Larger(Real a, Real b) { return Select(a > b, a, b); }
#else
HWY_INLINE Real Smaller(Real a, Real b) { return hn::Min(a.v, b.v); }
HWY_INLINE Real Larger(Real a, Real b) { return hn::Max(a.v, b.v); }
#endif

// |a| with the sign of `b`.
HWY_INLINE Real WithSign(Real a, Real b) { return hn::CopySign(a.v, b.v); }

// a * b + c, rounded once.
HWY_INLINE Real Fma(Real a, Real b, Real c) {
#if HWY_NATIVE_FMA
  return hn::MulAdd(a.v, b.v, c.v);
#else
  HWY_ALIGN double x[kLanes];
  HWY_ALIGN double y[kLanes];
  HWY_ALIGN double z[kLanes];
  hn::Store(a.v, F64(), x);
  hn::Store(b.v, F64(), y);
  hn::Store(c.v, F64(), z);
  for (size_t i = 0; i < kLanes; ++i) z[i] = std::fma(x[i], y[i], z[i]);
  return hn::Load(F64(), z);
#endif
}

// c[0] + c[1] x + ... + c[n-1] x^(n-1), by Horner's rule.
template <size_t n>
HWY_INLINE Real Polynomial(Real x, const double (&c)[n]) {
  Real sum = c[n - 1];
  for (size_t i = n - 1; i-- > 0;) sum = Fma(sum, x, c[i]);
  return sum;
}

// The same by Estrin's scheme: a few products more, in chains that do not wait for each other.
template <size_t kFirst, size_t kCount, size_t n>
HWY_INLINE Real ShortChains(const double (&c)[n], const Real (&powers)[5]) {
  if constexpr (kCount == 1) {
    return c[kFirst];
  } else {
    constexpr size_t kHalf = std::bit_ceil(kCount) / 2;
    return Fma(ShortChains<kFirst + kHalf, kCount - kHalf>(c, powers),
               powers[std::countr_zero(kHalf)], ShortChains<kFirst, kHalf>(c, powers));
  }
}
template <size_t n>
HWY_INLINE Real LongPolynomial(Real x, const double (&c)[n]) {
  static_assert(n <= 32);
  const Real x2 = x * x, x4 = x2 * x2, x8 = x4 * x4, x16 = x8 * x8;
  return ShortChains<0, n>(c, {x, x2, x4, x8, x16});
}

// 2^52 + 2^51: adding it to |a| < 2^51 leaves the nearest integer in the low bits.
inline constexpr double kIntegerShift = 0x1.8p52;

// The nearest integer, ties to even, for |a| < 2^51.
HWY_INLINE Real Round(Real a) { return (a + kIntegerShift) - kIntegerShift; }

// 2^n for an integer n in [-1022, 1023].
HWY_INLINE Real Pow2(Real n) {
  const auto integer = hn::BitCast(U64(), (n + kIntegerShift).v);
  const auto biased = hn::Add(integer, hn::Set(U64(), 1023));
  return hn::BitCast(F64(), hn::ShiftLeft<52>(biased));
}

// a * 2^n for an integer n in [-2044, 2046]; rounds once, also where the result is subnormal.
HWY_INLINE Real Ldexp(Real a, Real n) {
  const Real half = Round(n * 0.5);
  return a * Pow2(half) * Pow2(n - half);
}

// hi + lo == a + b exactly.
struct Sum {
  Real hi;
  Real lo;
};
HWY_INLINE Sum TwoSum(Real a, Real b) {
  const Real hi = a + b;
  const Real shadow = hi - a;
  return {hi, (a - (hi - shadow)) + (b - shadow)};
}

// hi + lo == a * b exactly, unless the product leaves the doubles; then lo is 0.
HWY_INLINE Sum TwoProduct(Real a, Real b) {
  const Real hi = a * b;
  return {hi, SelectOrZero(Abs(hi) < 1e300, Fma(a, b, -hi))};
}

// a / b to twice the precision of a double, unless the quotient leaves the doubles; then lo is 0.
HWY_INLINE Sum TwoQuotient(Real a, Real b) {
  const Real hi = a / b;
  return {hi, SelectOrZero(Abs(hi) < 1e300, Fma(-hi, b, a) / b)};
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_SIMD_REAL_INL_H_
