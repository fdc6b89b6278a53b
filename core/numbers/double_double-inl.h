// DoubleDouble: one vector of double-doubles, numbers of about 104 bits as unevaluated sums hi +
// lo. float64 results are computed in it, as those of the narrower types are computed in double
// lanes (Double), by the same text: the mathematics is written over a number type N that is one of
// the two.
//
// hi is what plain double arithmetic would have, up to its rounding errors, which lo collects: no
// operation lets lo flow back into hi ("pair arithmetic"). So infinities and zeros behave as those
// of doubles do, whatever lo becomes beside them; Rounded() adds the two, once, at the end.
// Sources: Dekker, Numer. Math. 18 (1971); Lange and Rump, ACM TOMS 46 (2020).

#if defined(RECTIFIER_CORE_NUMBERS_DOUBLE_DOUBLE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_NUMBERS_DOUBLE_DOUBLE_INL_H_
#undef RECTIFIER_CORE_NUMBERS_DOUBLE_DOUBLE_INL_H_
#else
#define RECTIFIER_CORE_NUMBERS_DOUBLE_DOUBLE_INL_H_
#endif

#include <concepts>
#include <type_traits>

#include "core/numbers/double-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

struct DoubleDouble {
  Double hi;
  Double lo;

  DoubleDouble() = default;
  HWY_INLINE DoubleDouble(Double number) : hi(number), lo(0.0) {}  // NOLINT: implicit
  HWY_INLINE DoubleDouble(double number) : hi(number), lo(0.0) {}  // NOLINT: implicit
  HWY_INLINE DoubleDouble(Double hi, Double lo) : hi(hi), lo(lo) {}
};

template <class N>
inline constexpr bool kIsDoubleDouble = std::is_same_v<N, DoubleDouble>;

// A constant that is no double, as the sum of two.
struct Constant {
  double hi;
  double lo;
};

// `constant` as exactly as N has it.
template <class N>
HWY_INLINE N Exactly(Constant constant) {
  if constexpr (kIsDoubleDouble<N>) {
    return DoubleDouble(constant.hi, constant.lo);
  } else {
    return constant.hi;
  }
}

// The double-double as a number of either kind.
template <class N>
HWY_INLINE N As(DoubleDouble a) {
  if constexpr (kIsDoubleDouble<N>) {
    return a;
  } else {
    return a.hi;
  }
}

// The number to about the precision of a double: good for comparisons and bounds.
HWY_INLINE Double Head(Double a) { return a; }
HWY_INLINE Double Head(DoubleDouble a) { return a.hi; }

HWY_INLINE Double Rounded(DoubleDouble a) {
  // Beside an infinity lo says nothing; a lo of 0 would take the sign from a hi of -0.
  const Double size = Abs(a.lo);
  return Select((size > 0.0) & (size < kInfinity), a.hi + a.lo, a.hi);
}

// The number as the nearest double and what that leaves.
HWY_INLINE Sum Normalized(DoubleDouble a) {
  const Double size = Abs(a.lo);
  const Mask counts = (size > 0.0) & (size < kInfinity);
  const Sum sum = TwoSum(a.hi, a.lo);
  return {Select(counts, sum.hi, a.hi), SelectOrZero(counts & (Abs(sum.hi) < kInfinity), sum.lo)};
}

HWY_INLINE DoubleDouble operator-(DoubleDouble a) { return {-a.hi, -a.lo}; }

HWY_INLINE DoubleDouble Add(DoubleDouble a, DoubleDouble b) {
  const Sum s = TwoSum(a.hi, b.hi);
  return {s.hi, s.lo + (a.lo + b.lo)};
}
HWY_INLINE DoubleDouble Add(DoubleDouble a, Double b) {
  const Sum s = TwoSum(a.hi, b);
  return {s.hi, s.lo + a.lo};
}
HWY_INLINE DoubleDouble Multiply(DoubleDouble a, DoubleDouble b) {
  const Double hi = a.hi * b.hi;
  return {hi, Fma(a.hi, b.lo, Fma(a.lo, b.hi, Fma(a.hi, b.hi, -hi)))};
}
HWY_INLINE DoubleDouble Multiply(DoubleDouble a, Double b) {
  const Double hi = a.hi * b;
  return {hi, Fma(a.lo, b, Fma(a.hi, b, -hi))};
}
HWY_INLINE DoubleDouble Divide(DoubleDouble a, DoubleDouble b) {
  const Double inverse = 1.0 / b.hi;
  const Double quotient = a.hi * inverse;
  const Double rest = Fma(-quotient, b.hi, a.hi) + Fma(-quotient, b.lo, a.lo);
  return {quotient, rest * inverse};
}

// Operators for two numbers of which at least one is a DoubleDouble.
template <class A>
concept Number =
    std::same_as<A, DoubleDouble> || std::same_as<A, Double> || std::same_as<A, double>;
template <class A, class B>
concept DoubleDoublePair = Number<A> && Number<B> &&
    (std::same_as<A, DoubleDouble> || std::same_as<B, DoubleDouble>);

template <class A, class B>
requires DoubleDoublePair<A, B> HWY_INLINE DoubleDouble operator+(A a, B b) {
  if constexpr (!std::same_as<A, DoubleDouble>) {
    return Add(b, Double(a));
  } else if constexpr (!std::same_as<B, DoubleDouble>) {
    return Add(a, Double(b));
  } else {
    return Add(a, b);
  }
}
template <class A, class B>
requires DoubleDoublePair<A, B> HWY_INLINE DoubleDouble operator-(A a, B b) { return a + -b; }
template <class A, class B>
requires DoubleDoublePair<A, B> HWY_INLINE DoubleDouble operator*(A a, B b) {
  if constexpr (!std::same_as<A, DoubleDouble>) {
    return Multiply(b, Double(a));
  } else if constexpr (!std::same_as<B, DoubleDouble>) {
    return Multiply(a, Double(b));
  } else {
    return Multiply(a, b);
  }
}
template <class A, class B>
requires DoubleDoublePair<A, B> HWY_INLINE DoubleDouble operator/(A a, B b) {
  return Divide(DoubleDouble(a), DoubleDouble(b));
}

template <class A, class B>
requires DoubleDoublePair<A, B> HWY_INLINE DoubleDouble Select(Mask condition, A yes, B no) {
  const DoubleDouble a(yes), b(no);
  return {Select(condition, a.hi, b.hi), Select(condition, a.lo, b.lo)};
}
template <std::same_as<DoubleDouble> T>
HWY_INLINE DoubleDouble SelectOrZero(Mask condition, T yes) {
  return {SelectOrZero(condition, yes.hi), SelectOrZero(condition, yes.lo)};
}

// a * b + c.
HWY_INLINE DoubleDouble Fma(DoubleDouble a, DoubleDouble b, DoubleDouble c) { return a * b + c; }

// a * p for a power of two.
HWY_INLINE Double TimesPowerOfTwo(Double a, Double p) { return a * p; }
HWY_INLINE DoubleDouble TimesPowerOfTwo(DoubleDouble a, Double p) { return {a.hi * p, a.lo * p}; }
// a * p * q for powers of two of at most 1, of which the Rounded() is a rounded once. It may be
// subnormal.
HWY_INLINE Double Lowered(Double a, Double p, Double q) { return a * p * q; }
HWY_INLINE DoubleDouble Lowered(DoubleDouble a, Double p, Double q) {
  const DoubleDouble result = {a.hi * p * q, a.lo * p * q};
  const Mask tiny = Abs(result.hi) < 0x1p-1014;
  if (HWY_LIKELY(hn::AllFalse(F64(), tiny.m))) return result;
  // There the second part has no digits left, or the first was rounded, too. So what is a normal
  // double is rounded before it is scaled; else the second part makes up for the rounding of the
  // first.
  const Double whole = (a.hi + a.lo) * p * q;
  const Mask normal = tiny & (Abs(whole) >= 0x1p-1022);
  const Double back = result.hi * (1.0 / p) * (1.0 / q);
  const Double rest = ((a.hi - back) + a.lo) * p * q;
  return {Select(normal, whole, result.hi),
          Select(tiny, Select(normal, Double(0.0), rest), result.lo)};
}
HWY_INLINE Double Half(Double a) { return a * 0.5; }
HWY_INLINE DoubleDouble Half(DoubleDouble a) { return TimesPowerOfTwo(a, 0.5); }
HWY_INLINE Double Twice(Double a) { return a + a; }
HWY_INLINE DoubleDouble Twice(DoubleDouble a) { return {a.hi + a.hi, a.lo + a.lo}; }

HWY_INLINE Double SquareRoot(Double a) { return Sqrt(a); }
HWY_INLINE DoubleDouble SquareRoot(DoubleDouble a) {
  const Double root = Sqrt(a.hi);
  return {root, (Fma(-root, root, a.hi) + a.lo) / (root + root)};
}

// |a|.
HWY_INLINE DoubleDouble Abs(DoubleDouble a) {
  const Mask negative = a.hi < 0.0;
  return Select(negative, -a, DoubleDouble(Abs(a.hi), a.lo));
}

// |a| with the sign of `b`.
template <std::same_as<DoubleDouble> T>
HWY_INLINE DoubleDouble WithSign(T a, Double b) {
  const DoubleDouble size = Abs(a);
  const Double one = WithSign(1.0, b);
  return {WithSign(size.hi, b), size.lo * one};
}

// 1 / a.
HWY_INLINE Double Inverse(Double a) { return Double(1.0) / a; }
HWY_INLINE DoubleDouble Inverse(DoubleDouble a) { return 1.0 / a; }

// A product of doubles, and a sum: rounded where N is Double, exact where it is DoubleDouble.
template <class N>
HWY_INLINE N Product(Double a, Double b) {
  if constexpr (kIsDoubleDouble<N>) {
    const Double hi = a * b;
    return DoubleDouble(hi, Fma(a, b, -hi));
  } else {
    return a * b;
  }
}
template <class N>
HWY_INLINE N SumOf(Double a, Double b) {
  if constexpr (kIsDoubleDouble<N>) {
    const Sum s = TwoSum(a, b);
    return DoubleDouble(s.hi, s.lo);
  } else {
    return a + b;
  }
}

// a * b + c, rounded once where N is Double.
template <class N>
HWY_INLINE N ProductPlus(Double a, Double b, Double c) {
  if constexpr (kIsDoubleDouble<N>) {
    return Product<N>(a, b) + c;
  } else {
    return Fma(a, b, c);
  }
}

// The polynomial with coefficients c, of which the first few have second parts `low`.
template <size_t n, size_t m>
HWY_INLINE DoubleDouble Polynomial(DoubleDouble x, const double (&c)[n], const double (&low)[m]) {
  Double high = c[n - 1];
  for (size_t i = n - 1; i-- > m;) high = Fma(high, x.hi, c[i]);
  DoubleDouble sum = high;
  for (size_t i = m; i-- > 0;) sum = sum * x + DoubleDouble(c[i], low[i]);
  return sum;
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_NUMBERS_DOUBLE_DOUBLE_INL_H_
