// The tail of the normal distribution, and erf, of a number of either kind. Accuracy: bounds.h. A
// NaN gives an unspecified result (the loops put it back).

#if defined(RECTIFIER_CORE_FUNCTIONS_NORMAL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_FUNCTIONS_NORMAL_INL_H_
#undef RECTIFIER_CORE_FUNCTIONS_NORMAL_INL_H_
#else
#define RECTIFIER_CORE_FUNCTIONS_NORMAL_INL_H_
#endif

#include <iterator>

#include "core/functions/coefficients.h"
#include "core/functions/exponential-inl.h"
#include "core/functions/fitted-inl.h"
#include "core/functions/tables-inl.h"
#include "core/functions/within-inl.h"
#include "core/numbers/double_double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// 5 + t times Mills' ratio M(t) = Q(t)/phi(t) of the standard normal distribution, in
// w = (t - 5)/(t + 5). It is smooth and never cancels.
HWY_INLINE Double ScaledMills(Double w) { return LongPolynomial(w, coefficients::kMillsShort); }
HWY_INLINE DoubleDouble ScaledMills(DoubleDouble w) {
  constexpr double kWidth = (1 + 35.0 / 45) / 16;  // for t from 0 to 40
  const Double shifted = Fma(w.hi, 1 / kWidth, 1 / kWidth - 0.5) + kIntegerShift;
  const auto piece = IntegerBits(shifted);
  const Double middle = Lookup(coefficients::kMillsDoubleDoubleMiddle[0], piece);
  const DoubleDouble h = (w - middle) - Lookup(coefficients::kMillsDoubleDoubleMiddle[1], piece);
  constexpr size_t kTerms = std::size(coefficients::kMillsDoubleDouble);
  constexpr size_t kDoubleDoubleTerms = std::size(coefficients::kMillsDoubleDoubleLow);
  Double high = Lookup(coefficients::kMillsDoubleDouble[kTerms - 1], piece);
  for (size_t i = kTerms - 1; i-- > kDoubleDoubleTerms;) {
    high = Fma(high, h.hi, Lookup(coefficients::kMillsDoubleDouble[i], piece));
  }
  DoubleDouble sum = high;
  for (size_t i = kDoubleDoubleTerms; i-- > 0;) {
    sum = sum * h + DoubleDouble(Lookup(coefficients::kMillsDoubleDouble[i], piece),
                                 Lookup(coefficients::kMillsDoubleDoubleLow[i], piece));
  }
  return sum;
}

inline constexpr Constant kInverseRoot2Pi = {0x1.9884533d43651p-2, -0x1.cbc0d30ebfd15p-56};
inline constexpr Constant kInverseRootPi = {0x1.20dd750429b6dp-1, 0x1.1ae3a914fed80p-57};
inline constexpr Constant kRoot2 = {0x1.6a09e667f3bcdp+0, -0x1.bdd3413b26456p-54};

// The upper tail of the standard normal distribution at t = |z|: Q(t) = phi(t) M(t).
template <class N>
struct NormalTail {
  // What is beyond is 0, whatever it is multiplied by: the exponential says so in float64, and is
  // below 1e-300 in the narrower types.
  static constexpr double kEnd = kIsDoubleDouble<N> ? 60 : 37;
  // M(t) is good up to here. Farther out Q(t) is 0; in float32 and narrower types even times the
  // square of the largest number.
  static constexpr double kMillsEnd = kIsDoubleDouble<N> ? 40 : 25;

  N t;
  N mills;                     // M(t)
  Exponential<N> exponential;  // e^(-t^2/2)

  HWY_INLINE explicit NormalTail(N z)
      : t(AtMost(Abs(z), kEnd)),
        mills(Mills(AtMost(t, kMillsEnd))),
        exponential(-Half(t * t),
                    kIsDoubleDouble<N> ? Argument::kNotPositive : Argument::kModerate) {}

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
  const N near = x * Fitted(x * x, kErfShort, kErfDoubleDouble, kErfDoubleDoubleLow);
  const N far = WithSign(1.0 - Twice(tail.Tail()), Head(x));
  return Select(Abs(Head(x)) < 0.25, near, far);
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_FUNCTIONS_NORMAL_INL_H_
