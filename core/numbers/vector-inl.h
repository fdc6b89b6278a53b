// One vector of doubles or of floats with the operators of arithmetic, so that the mathematics of
// an activation reads as mathematics.
//
// Results have the same bits on every CPU target: nothing here but correctly rounded IEEE 754
// operations, and Fma is fused on every target (in software where the CPU has no instruction).

#if defined(RECTIFIER_CORE_NUMBERS_VECTOR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_NUMBERS_VECTOR_INL_H_
#undef RECTIFIER_CORE_NUMBERS_VECTOR_INL_H_
#else
#define RECTIFIER_CORE_NUMBERS_VECTOR_INL_H_
#endif

#include <cmath>
#include <cstddef>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// HWY_ATTR: a friend that is defined in a template does not take the CPU target from the pragmas
// around it, and where it is not inlined (a build without optimization) its callers would pass
// vectors in other registers than it looks for.
template <class T>
struct MaskOf;

template <class T>
struct Vector {
  using Lanes = hn::ScalableTag<T>;
  using Mask = MaskOf<T>;

  hn::Vec<Lanes> v;

  Vector() = default;
  HWY_INLINE Vector(hn::Vec<Lanes> vector) : v(vector) {}       // NOLINT: implicit
  HWY_INLINE Vector(T number) : v(hn::Set(Lanes(), number)) {}  // NOLINT: implicit

  friend HWY_INLINE HWY_ATTR Vector operator+(Vector a, Vector b) { return hn::Add(a.v, b.v); }
  friend HWY_INLINE HWY_ATTR Vector operator-(Vector a, Vector b) { return hn::Sub(a.v, b.v); }
  friend HWY_INLINE HWY_ATTR Vector operator*(Vector a, Vector b) { return hn::Mul(a.v, b.v); }
  friend HWY_INLINE HWY_ATTR Vector operator/(Vector a, Vector b) { return hn::Div(a.v, b.v); }
  friend HWY_INLINE HWY_ATTR Vector operator-(Vector a) { return hn::Neg(a.v); }
  friend HWY_INLINE HWY_ATTR Vector Abs(Vector a) { return hn::Abs(a.v); }
  friend HWY_INLINE HWY_ATTR Vector Sqrt(Vector a) { return hn::Sqrt(a.v); }

  // Comparisons with a NaN are false.
  friend HWY_INLINE HWY_ATTR Mask operator<(Vector a, Vector b) { return {hn::Lt(a.v, b.v)}; }
  friend HWY_INLINE HWY_ATTR Mask operator>(Vector a, Vector b) { return {hn::Gt(a.v, b.v)}; }
  friend HWY_INLINE HWY_ATTR Mask operator<=(Vector a, Vector b) { return {hn::Le(a.v, b.v)}; }
  friend HWY_INLINE HWY_ATTR Mask operator>=(Vector a, Vector b) { return {hn::Ge(a.v, b.v)}; }
  friend HWY_INLINE HWY_ATTR Mask operator==(Vector a, Vector b) { return {hn::Eq(a.v, b.v)}; }
  friend HWY_INLINE HWY_ATTR Mask IsNaN(Vector a) { return {hn::IsNaN(a.v)}; }

  // The smaller or larger of the two; `b` where either is a NaN or both are zeros. On x86 that is
  // what the one instruction does.
#if HWY_TARGET == HWY_SCALAR
  friend HWY_INLINE HWY_ATTR Vector Smaller(Vector a, Vector b) { return Select(a < b, a, b); }
  friend HWY_INLINE HWY_ATTR Vector Larger(Vector a, Vector b) { return Select(a > b, a, b); }
#else
  friend HWY_INLINE HWY_ATTR Vector Smaller(Vector a, Vector b) { return hn::Min(a.v, b.v); }
  friend HWY_INLINE HWY_ATTR Vector Larger(Vector a, Vector b) { return hn::Max(a.v, b.v); }
#endif

  // |a| with the sign of `b`.
  friend HWY_INLINE HWY_ATTR Vector WithSign(Vector a, Vector b) { return hn::CopySign(a.v, b.v); }

  // a * b + c, a * b - c and c - a * b, rounded once.
#if HWY_NATIVE_FMA
  friend HWY_INLINE HWY_ATTR Vector Fma(Vector a, Vector b, Vector c) {
    return hn::MulAdd(a.v, b.v, c.v);
  }
  friend HWY_INLINE HWY_ATTR Vector MultiplySubtract(Vector a, Vector b, Vector c) {
    return hn::MulSub(a.v, b.v, c.v);
  }
  friend HWY_INLINE HWY_ATTR Vector SubtractProduct(Vector c, Vector a, Vector b) {
    return hn::NegMulAdd(a.v, b.v, c.v);
  }
#else
  friend HWY_INLINE HWY_ATTR Vector Fma(Vector a, Vector b, Vector c) {
    constexpr size_t kLanes = hn::MaxLanes(Lanes());
    HWY_ALIGN T x[kLanes];
    HWY_ALIGN T y[kLanes];
    HWY_ALIGN T z[kLanes];
    hn::Store(a.v, Lanes(), x);
    hn::Store(b.v, Lanes(), y);
    hn::Store(c.v, Lanes(), z);
    for (size_t i = 0; i < kLanes; ++i) z[i] = std::fma(x[i], y[i], z[i]);
    return hn::Load(Lanes(), z);
  }
  friend HWY_INLINE HWY_ATTR Vector MultiplySubtract(Vector a, Vector b, Vector c) {
    return Fma(a, b, -c);
  }
  friend HWY_INLINE HWY_ATTR Vector SubtractProduct(Vector c, Vector a, Vector b) {
    return Fma(-a, b, c);
  }
#endif
};

template <class T>
struct MaskOf {
  using Lanes = hn::ScalableTag<T>;

  hn::Mask<Lanes> m;

  friend HWY_INLINE HWY_ATTR MaskOf operator&(MaskOf a, MaskOf b) { return {hn::And(a.m, b.m)}; }
  friend HWY_INLINE HWY_ATTR MaskOf operator|(MaskOf a, MaskOf b) { return {hn::Or(a.m, b.m)}; }
  friend HWY_INLINE HWY_ATTR MaskOf operator==(MaskOf a, MaskOf b) {
    return {hn::Not(hn::Xor(a.m, b.m))};
  }
  // b, but not where a.
  friend HWY_INLINE HWY_ATTR MaskOf AndNot(MaskOf a, MaskOf b) { return {hn::AndNot(a.m, b.m)}; }
  friend HWY_INLINE HWY_ATTR bool Any(MaskOf a) { return !hn::AllFalse(Lanes(), a.m); }

  friend HWY_INLINE HWY_ATTR Vector<T> Select(MaskOf condition, Vector<T> yes, Vector<T> no) {
    return hn::IfThenElse(condition.m, yes.v, no.v);
  }
  friend HWY_INLINE HWY_ATTR Vector<T> SelectOrZero(MaskOf condition, Vector<T> yes) {
    return hn::IfThenElseZero(condition.m, yes.v);
  }
};

// c[0] + c[1] x + ... + c[n-1] x^(n-1), by Horner's rule.
template <class T, size_t n>
HWY_INLINE Vector<T> Polynomial(Vector<T> x, const T (&c)[n]) {
  Vector<T> sum = c[n - 1];
  for (size_t i = n - 1; i-- > 0;) sum = Fma(sum, x, Vector<T>(c[i]));
  return sum;
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_NUMBERS_VECTOR_INL_H_
