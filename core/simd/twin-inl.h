// Twin: one vector of double-doubles, numbers of about 104 bits as unevaluated sums hi + lo.
// float64 results are computed in it, as those of the narrower types are computed in double lanes
// (Real), by the same text: the mathematics is written over a number type N that is one of the two.
//
// hi is what plain double arithmetic would have, up to its rounding errors, which lo collects: no
// operation lets lo flow back into hi ("pair arithmetic"). So infinities and zeros behave as those
// of doubles do, whatever lo becomes beside them; Rounded() adds the two, once, at the end.
// Sources: Dekker, Numer. Math. 18 (1971); Lange and Rump, ACM TOMS 46 (2020).

#if defined(RECTIFIER_CORE_SIMD_TWIN_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_SIMD_TWIN_INL_H_
#undef RECTIFIER_CORE_SIMD_TWIN_INL_H_
#else
#define RECTIFIER_CORE_SIMD_TWIN_INL_H_
#endif

#include <concepts>
#include <type_traits>

#include "core/simd/real-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

struct Twin {
  Real hi;
  Real lo;

  Twin() = default;
  HWY_INLINE Twin(Real number) : hi(number), lo(0.0) {}    // NOLINT: implicit
  HWY_INLINE Twin(double number) : hi(number), lo(0.0) {}  // NOLINT: implicit
  HWY_INLINE Twin(Real hi, Real lo) : hi(hi), lo(lo) {}
};

template <class N>
inline constexpr bool kIsTwin = std::is_same_v<N, Twin>;

// A constant that is no double, as the sum of two.
struct Constant {
  double hi;
  double lo;
};

// `constant` as exactly as N has it.
template <class N>
HWY_INLINE N Exactly(Constant constant) {
  if constexpr (kIsTwin<N>) {
    return Twin(constant.hi, constant.lo);
  } else {
    return constant.hi;
  }
}

// The double-double as a number of either kind.
template <class N>
HWY_INLINE N As(Twin a) {
  if constexpr (kIsTwin<N>) {
    return a;
  } else {
    return a.hi;
  }
}

// The number to about the precision of a double: good for comparisons and bounds.
HWY_INLINE Real Head(Real a) { return a; }
HWY_INLINE Real Head(Twin a) { return a.hi; }

HWY_INLINE Real Rounded(Twin a) {
  // Beside an infinity lo says nothing; a lo of 0 would take the sign from a hi of -0.
  const Real size = Abs(a.lo);
  return Select((size > 0.0) & (size < kInfinity), a.hi + a.lo, a.hi);
}

// The number as the nearest double and what that leaves.
HWY_INLINE Sum Normalized(Twin a) {
  const Real size = Abs(a.lo);
  const Mask counts = (size > 0.0) & (size < kInfinity);
  const Sum sum = TwoSum(a.hi, a.lo);
  return {Select(counts, sum.hi, a.hi), SelectOrZero(counts & (Abs(sum.hi) < kInfinity), sum.lo)};
}

HWY_INLINE Twin operator-(Twin a) { return {-a.hi, -a.lo}; }

HWY_INLINE Twin Add(Twin a, Twin b) {
  const Sum s = TwoSum(a.hi, b.hi);
  return {s.hi, s.lo + (a.lo + b.lo)};
}
HWY_INLINE Twin Add(Twin a, Real b) {
  const Sum s = TwoSum(a.hi, b);
  return {s.hi, s.lo + a.lo};
}
HWY_INLINE Twin Multiply(Twin a, Twin b) {
  const Real hi = a.hi * b.hi;
  return {hi, Fma(a.hi, b.lo, Fma(a.lo, b.hi, Fma(a.hi, b.hi, -hi)))};
}
HWY_INLINE Twin Multiply(Twin a, Real b) {
  const Real hi = a.hi * b;
  return {hi, Fma(a.lo, b, Fma(a.hi, b, -hi))};
}
HWY_INLINE Twin Divide(Twin a, Twin b) {
  const Real inverse = 1.0 / b.hi;
  const Real quotient = a.hi * inverse;
  const Real rest = Fma(-quotient, b.hi, a.hi) + Fma(-quotient, b.lo, a.lo);
  return {quotient, rest * inverse};
}

// Operators for two numbers of which at least one is a Twin.
template <class A>
concept Number = std::same_as<A, Twin> || std::same_as<A, Real> || std::same_as<A, double>;
template <class A, class B>
concept TwinPair = Number<A> && Number<B> &&(std::same_as<A, Twin> || std::same_as<B, Twin>);

template <class A, class B>
requires TwinPair<A, B> HWY_INLINE Twin operator+(A a, B b) {
  if constexpr (!std::same_as<A, Twin>) {
    return Add(b, Real(a));
  } else if constexpr (!std::same_as<B, Twin>) {
    return Add(a, Real(b));
  } else {
    return Add(a, b);
  }
}
template <class A, class B>
requires TwinPair<A, B> HWY_INLINE Twin operator-(A a, B b) { return a + -b; }
template <class A, class B>
requires TwinPair<A, B> HWY_INLINE Twin operator*(A a, B b) {
  if constexpr (!std::same_as<A, Twin>) {
    return Multiply(b, Real(a));
  } else if constexpr (!std::same_as<B, Twin>) {
    return Multiply(a, Real(b));
  } else {
    return Multiply(a, b);
  }
}
template <class A, class B>
requires TwinPair<A, B> HWY_INLINE Twin operator/(A a, B b) { return Divide(Twin(a), Twin(b)); }

template <class A, class B>
requires TwinPair<A, B> HWY_INLINE Twin Select(Mask condition, A yes, B no) {
  const Twin a(yes), b(no);
  return {Select(condition, a.hi, b.hi), Select(condition, a.lo, b.lo)};
}
template <std::same_as<Twin> T>
HWY_INLINE Twin SelectOrZero(Mask condition, T yes) {
  return {SelectOrZero(condition, yes.hi), SelectOrZero(condition, yes.lo)};
}

// a * b + c.
HWY_INLINE Twin Fma(Twin a, Twin b, Twin c) { return a * b + c; }

// a * p for a power of two.
HWY_INLINE Real TimesPowerOfTwo(Real a, Real p) { return a * p; }
HWY_INLINE Twin TimesPowerOfTwo(Twin a, Real p) { return {a.hi * p, a.lo * p}; }
HWY_INLINE Real Half(Real a) { return a * 0.5; }
HWY_INLINE Twin Half(Twin a) { return TimesPowerOfTwo(a, 0.5); }
HWY_INLINE Real Twice(Real a) { return a + a; }
HWY_INLINE Twin Twice(Twin a) { return {a.hi + a.hi, a.lo + a.lo}; }

HWY_INLINE Real SquareRoot(Real a) { return Sqrt(a); }
HWY_INLINE Twin SquareRoot(Twin a) {
  const Real root = Sqrt(a.hi);
  return {root, (Fma(-root, root, a.hi) + a.lo) / (root + root)};
}

// |a|.
HWY_INLINE Twin Abs(Twin a) {
  const Mask negative = a.hi < 0.0;
  return Select(negative, -a, Twin(Abs(a.hi), a.lo));
}

// |a| with the sign of `b`.
template <std::same_as<Twin> T>
HWY_INLINE Twin WithSign(T a, Real b) {
  const Twin size = Abs(a);
  const Real one = WithSign(1.0, b);
  return {WithSign(size.hi, b), size.lo * one};
}

// 1 / a.
HWY_INLINE Real Inverse(Real a) { return Real(1.0) / a; }
HWY_INLINE Twin Inverse(Twin a) { return 1.0 / a; }

// A product of doubles, and a sum: rounded where N is Real, exact where it is Twin.
template <class N>
HWY_INLINE N Product(Real a, Real b) {
  if constexpr (kIsTwin<N>) {
    const Real hi = a * b;
    return Twin(hi, Fma(a, b, -hi));
  } else {
    return a * b;
  }
}
template <class N>
HWY_INLINE N SumOf(Real a, Real b) {
  if constexpr (kIsTwin<N>) {
    const Sum s = TwoSum(a, b);
    return Twin(s.hi, s.lo);
  } else {
    return a + b;
  }
}

// a * b + c, rounded once where N is Real.
template <class N>
HWY_INLINE N ProductPlus(Real a, Real b, Real c) {
  if constexpr (kIsTwin<N>) {
    return Product<N>(a, b) + c;
  } else {
    return Fma(a, b, c);
  }
}

// The polynomial with coefficients c, of which the first few have second parts `low`.
template <size_t n, size_t m>
HWY_INLINE Twin Polynomial(Twin x, const double (&c)[n], const double (&low)[m]) {
  Real high = c[n - 1];
  for (size_t i = n - 1; i-- > m;) high = Fma(high, x.hi, c[i]);
  Twin sum = high;
  for (size_t i = m; i-- > 0;) sum = sum * x + Twin(c[i], low[i]);
  return sum;
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_SIMD_TWIN_INL_H_
