// The functions that activations are made of, over a number type N: Real or Twin (twin-inl.h).
// Accuracy: bounds.h. A NaN gives an unspecified result (the loops put it back).

#if defined(RECTIFIER_CORE_SIMD_FUNCTIONS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_SIMD_FUNCTIONS_INL_H_
#undef RECTIFIER_CORE_SIMD_FUNCTIONS_INL_H_
#else
#define RECTIFIER_CORE_SIMD_FUNCTIONS_INL_H_
#endif

#include <iterator>

#include "core/simd/coefficients.h"
#include "core/simd/exponential-inl.h"
#include "core/simd/tables-inl.h"
#include "core/simd/twin-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// Beyond this argument a gate is closed or open for good: e^-1400 is far below the doubles.
inline constexpr double kGateClosed = 1400;

HWY_INLINE Real Within(Real x, double bound) { return Larger(Smaller(x, bound), -bound); }
HWY_INLINE Twin Within(Twin x, double bound) {
  const Real head = Within(x.hi, bound);
  return {head, SelectOrZero(head == x.hi, x.lo)};
}

// `x`, or `bound` where that is smaller.
HWY_INLINE Real AtMost(Real x, double bound) { return Smaller(x, bound); }
HWY_INLINE Twin AtMost(Twin x, double bound) {
  const Real head = Smaller(x.hi, bound);
  return {head, SelectOrZero(head == x.hi, x.lo)};
}

// The polynomial that the two fits of one function give: see coefficients.h.
template <size_t n, size_t m, size_t k>
HWY_INLINE Real Fitted(Real x, const double (&c)[n], const double (&)[m], const double (&)[k]) {
  return Polynomial(x, c);
}
template <size_t n, size_t m, size_t k>
HWY_INLINE Twin Fitted(Twin x, const double (&)[n], const double (&c)[m], const double (&low)[k]) {
  return Polynomial(x, c, low);
}

inline constexpr Constant kThird = {0x1.5555555555555p-2, 0x1.5555555555555p-56};

// The piece of [0, 1] that y lies in: see kLogTable.
HWY_INLINE hn::Vec<U64> LogPiece(Real y) {
  return IntegerBits(Fma(y, 15.99, -0.5) + kIntegerShift);
}

// ln(1 + y) for y in [0, 1].
HWY_INLINE Real LogOnePlus(Real y) {
  const auto piece = LogPiece(y);
  const Real inverse_less_1 = Lookup(coefficients::kLogTable[0], piece);
  const Real f = Fma(y, inverse_less_1, y) + inverse_less_1;
  const Real near_1 = Fma(f * f, Polynomial(f, coefficients::kLog1pRest), f);
  return near_1 + Lookup(coefficients::kLogTable[1], piece);
}
HWY_INLINE Twin LogOnePlus(Twin y) {
  const auto piece = LogPiece(y.hi);
  const Real inverse_less_1 = Lookup(coefficients::kLogTable[0], piece);
  const Twin f = (y + y * inverse_less_1) + inverse_less_1;
  // f - f^2/2 + f^3/3 + ..., of which doubles carry the terms from the fourth on.
  const Twin cubic = Exactly<Twin>(kThird) + f * Polynomial(f.hi, coefficients::kLog1pQuartic);
  const Twin near_1 = f + (f * f) * (f * cubic - 0.5);
  return near_1 +
         Twin(Lookup(coefficients::kLogTable[1], piece), Lookup(coefficients::kLogTable[2], piece));
}

// The logistic function s(u) = 1/(1 + e^-u) and its kin, all from the one exponential of -|u|.
template <class N>
struct Logistic {
  Mask positive;
  Exponential<N> exponential;
  N e;            // e^-|u|
  N denominator;  // 1 + e
  N inverse;      // 1/(1 + e)

  HWY_INLINE explicit Logistic(N u)
      : positive(Head(u) > 0.0),
        exponential(-Abs(u), Argument::kNotPositive),
        e(exponential.Value()),
        denominator(e + 1.0),
        inverse(Inverse(denominator)) {}

  // a where u > 0, a e elsewhere; and the other way round.
  HWY_INLINE N Closing(N a) const { return Select(positive, a, exponential.Times(a)); }
  HWY_INLINE N Opening(N a) const { return Select(positive, exponential.Times(a), a); }

  HWY_INLINE N Value() const { return Closing(inverse); }
  HWY_INLINE N Complement() const { return Opening(inverse); }  // s(-u)

  // a s'(u) = a e/(1 + e)^2.
  HWY_INLINE N SlopeTimes(N a) const { return exponential.Times(a * (inverse * inverse)); }

  // tanh(|u|/2) = (1 - e)/(1 + e) = |1 - 2 s(u)|.
  HWY_INLINE N HalfTanh() const { return Abs(exponential.Minus1() * inverse); }

  // ln(1 + e^-|u|).
  HWY_INLINE N Log() const { return LogOnePlus(e); }
};

// 5 + t times Mills' ratio M(t) = Q(t)/phi(t) of the standard normal distribution, in
// w = (t - 5)/(t + 5). It is smooth and never cancels.
HWY_INLINE Real ScaledMills(Real w) { return LongPolynomial(w, coefficients::kMillsShort); }
HWY_INLINE Twin ScaledMills(Twin w) {
  constexpr double kWidth = (1 + 35.0 / 45) / 16;  // for t from 0 to 40
  const Real shifted = Fma(w.hi, 1 / kWidth, 1 / kWidth - 0.5) + kIntegerShift;
  const auto piece = IntegerBits(shifted);
  const Real middle = Lookup(coefficients::kMillsTwinMiddle[0], piece);
  const Twin h = (w - middle) - Lookup(coefficients::kMillsTwinMiddle[1], piece);
  constexpr size_t kTerms = std::size(coefficients::kMillsTwin);
  constexpr size_t kTwins = std::size(coefficients::kMillsTwinLow);
  Real high = Lookup(coefficients::kMillsTwin[kTerms - 1], piece);
  for (size_t i = kTerms - 1; i-- > kTwins;) {
    high = Fma(high, h.hi, Lookup(coefficients::kMillsTwin[i], piece));
  }
  Twin sum = high;
  for (size_t i = kTwins; i-- > 0;) {
    sum = sum * h + Twin(Lookup(coefficients::kMillsTwin[i], piece),
                         Lookup(coefficients::kMillsTwinLow[i], piece));
  }
  return sum;
}

inline constexpr Constant kInverseRoot2Pi = {0x1.9884533d43651p-2, -0x1.cbc0d30ebfd15p-56};
inline constexpr Constant kInverseRootPi = {0x1.20dd750429b6dp-1, 0x1.1ae3a914fed80p-57};
inline constexpr Constant kInverseRoot2 = {0x1.6a09e667f3bcdp-1, -0x1.bdd3413b26456p-55};
inline constexpr Constant kRoot2 = {0x1.6a09e667f3bcdp+0, -0x1.bdd3413b26456p-54};

// The upper tail of the standard normal distribution at t = |z|: Q(t) = phi(t) M(t).
template <class N>
struct NormalTail {
  // What is beyond is 0, whatever it is multiplied by: the exponential says so in float64, and is
  // below 1e-300 in the narrower types.
  static constexpr double kEnd = kIsTwin<N> ? 60 : 37;
  // M(t) is good up to here. Farther out Q(t) is 0; in float32 and narrower types even times the
  // square of the largest number.
  static constexpr double kMillsEnd = kIsTwin<N> ? 40 : 25;

  N t;
  N mills;                     // M(t)
  Exponential<N> exponential;  // e^(-t^2/2)

  HWY_INLINE explicit NormalTail(N z)
      : t(AtMost(Abs(z), kEnd)),
        mills(Mills(AtMost(t, kMillsEnd))),
        exponential(-Half(t * t), kIsTwin<N> ? Argument::kNotPositive : Argument::kModerate) {}

  // a phi(t); phi(t) = e^(-t^2/2)/sqrt(2 pi).
  HWY_INLINE N DensityTimes(N a) const {
    return exponential.Times(a * Exactly<N>(kInverseRoot2Pi));
  }
  HWY_INLINE N Tail() const { return DensityTimes(mills); }

 private:
  static HWY_INLINE N Mills(N t) {
    const N inverse = Inverse(t + 5.0);
    return ScaledMills((t - 5.0) * inverse) * inverse;
  }
};

// erf(x).
template <class N>
HWY_INLINE N Erf(N x, const NormalTail<N>& tail /* of sqrt(2) x */) {
  using namespace coefficients;  // NOLINT: three names of one polynomial
  const N near = x * Fitted(x * x, kErfShort, kErfTwin, kErfTwinLow);
  const N far = WithSign(1.0 - Twice(tail.Tail()), Head(x));
  return Select(Abs(Head(x)) < 0.25, near, far);
}

// c[1] + c[2] d + ...
template <size_t n>
HWY_INLINE Real TailOf(Real d, const double (&c)[n]) {
  Real sum = c[n - 1];
  for (size_t i = n - 1; i-- > 1;) sum = Fma(sum, d, c[i]);
  return sum;
}

// How far u lies from a root. The parts that are too small for a double count where both are close.
HWY_INLINE Twin DistanceTo(const coefficients::Root& root, Twin u) {
  return (SumOf<Twin>(u.hi - root.at[0], -root.at[1]) + u.lo) - root.at[2];
}

// The value of a function at u next to one of its roots; the lanes of `far` elsewhere. Far from its
// roots a function may be a difference of terms; next to them it is its Taylor series there.
template <class N, class... Scale>
HWY_INLINE N AtRoot(Twin u, N far, const coefficients::Root& root, Scale... scale) {
  const Mask near = Abs(u.hi - root.at[0]) < coefficients::kRootRadius;
  if (HWY_LIKELY(hn::AllFalse(F64(), near.m))) return far;
  const Twin d = DistanceTo(root, u);
  if constexpr (kIsTwin<N>) {
    const Twin slope = Twin(root.c[0], root.slope_low) + d.hi * TailOf(d.hi, root.c);
    return Select(near, ((d * slope) * ... * scale), far);
  } else {
    const Real rounded = Rounded(d);
    return Select(near, ((rounded * Polynomial(rounded, root.c)) * ... * scale), far);
  }
}
// Where there is a `scale`, `far` has it already, and the series gets it.
template <class N, size_t n, class... Scale>
HWY_INLINE N AtRoots(Twin u, N far, const coefficients::Root (&roots)[n], Scale... scale) {
  for (const coefficients::Root& root : roots) far = AtRoot(u, far, root, scale...);
  return far;
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_SIMD_FUNCTIONS_INL_H_
