// e^t - 1 and ln(1 + y) in doubles, to nearly all their digits, as rows need them.
// Accuracy: bounds.h, for finite arguments within the stated range. A NaN gives an unspecified
// result (the loops put it back, see elementwise-inl.h). Polynomials: coefficients.h.

#if defined(RECTIFIER_CORE_FUNCTIONS_FULL_PRECISION_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_FUNCTIONS_FULL_PRECISION_INL_H_
#undef RECTIFIER_CORE_FUNCTIONS_FULL_PRECISION_INL_H_
#else
#define RECTIFIER_CORE_FUNCTIONS_FULL_PRECISION_INL_H_
#endif

#include "core/functions/coefficients.h"
#include "core/numbers/double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// ln(2) = kLn2High + kLn2Low; the high part has 41 bits, so that its product with an exponent is
// exact.
inline constexpr double kLn2High = 0x1.62e42fefa3000p-1;
inline constexpr double kLn2Low = 0x1.3de6af278ece6p-42;
inline constexpr double kLog2E = 0x1.71547652b82fep+0;

// e^t as m * 2^n with m in [0.7, 1.42]. `low` is added to t, for |low| much below 1.
// Range: below -1400 the result is exactly 0 (with the sign of the factor), above 1400 infinity.
struct FullExponential {
  Double n;
  Double expm1;  // m - 1, next to 0 too

  HWY_INLINE explicit FullExponential(Double t, Double low = 0.0) {
    const Double bounded = Smaller(Larger(t, -1400.0), 1400.0);
    n = Round(bounded * kLog2E);
    const Double high = Fma(n, -kLn2High, bounded);
    const Double r = Fma(n, -kLn2Low, high + low);
    const Double rest = Fma(r * r, Polynomial(r, coefficients::kExpm1Rest), r);
    expm1 = Select(t < -1400.0, -1.0, rest);
  }

  // e^t - 1, next to 0 too.
  HWY_INLINE Double Minus1() const {
    const Double scale = Larger(n, -64.0);  // e^t is lost beside 1 from there on
    const Double one_scaled = Pow2(-Smaller(scale, 1000.0));
    return Ldexp(expm1 + (1.0 - one_scaled), scale);
  }
};

// ln(1 + y) for finite y >= 0.
HWY_INLINE Double Log1p(Double y) {
  const Sum u = TwoSum(1.0, y);
  // u = 2^n * (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)): take the exponent after a shift by
  // sqrt(2).
  const auto bits = hn::BitCast(U64(), u.hi.v);
  const auto offset = hn::Set(U64(), 0x3fe6a09e667f3bcdull);  // the bits of sqrt(1/2)
  const auto exponent = hn::ShiftRight<52>(hn::Sub(bits, offset));
  const auto integer = hn::Add(exponent, hn::BitCast(U64(), hn::Set(F64(), kIntegerShift)));
  const Double n = Double(hn::BitCast(F64(), integer)) - kIntegerShift;
  const Double scale = Pow2(-n);
  const Double f = u.hi * scale - 1.0;
  // ln(1 + f) = f - (f^2/2 - s (f^2/2 + R)) with s = f / (2 + f), R = s^2 Q(s^2).
  const Double s = f / (f + 2.0);
  const Double z = s * s;
  const Double half_square = f * f * 0.5;
  const Double rest = z * Polynomial(z, coefficients::kLogRest);
  const Double low = Fma(n, kLn2Low, u.lo / u.hi);
  return Fma(n, kLn2High, f - (half_square - Fma(s, half_square + rest, low)));
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_FUNCTIONS_FULL_PRECISION_INL_H_
