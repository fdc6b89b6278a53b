// The transcendental functions that activations are made of, in double lanes.
// Accuracy: bounds.h, for finite arguments within the stated range. A NaN gives an unspecified
// result (the loops put it back, see map-inl.h). Polynomials: coefficients.h.

#if defined(RECTIFIER_CORE_SIMD_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_SIMD_MATH_INL_H_
#undef RECTIFIER_CORE_SIMD_MATH_INL_H_
#else
#define RECTIFIER_CORE_SIMD_MATH_INL_H_
#endif

#include "core/simd/coefficients.h"
#include "core/simd/real-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// ln(2) = kLn2High + kLn2Low; the high part has 41 bits, so that its product with an exponent is
// exact.
inline constexpr double kLn2High = 0x1.62e42fefa3000p-1;
inline constexpr double kLn2Low = 0x1.3de6af278ece6p-42;
inline constexpr double kLog2E = 0x1.71547652b82fep+0;

// e^t as m * 2^n with m in [0.7, 1.42], so that a product with it is rounded once even where e^t
// by itself would underflow or overflow. `low` is added to t, for |low| much below 1.
// Range: below -1400 the result is exactly 0 (with the sign of the factor), above 1400 infinity.
struct FullExponential {
  Real n;
  Real expm1;  // m - 1, next to 0 too

  HWY_INLINE explicit FullExponential(Real t, Real low = 0.0) {
    const Real bounded = Smaller(Larger(t, -1400.0), 1400.0);
    n = Round(bounded * kLog2E);
    const Real high = Fma(n, -kLn2High, bounded);
    const Real r = Fma(n, -kLn2Low, high + low);
    const Real rest = Fma(r * r, Polynomial(r, coefficients::kExpm1Rest), r);
    expm1 = Select(t < -1400.0, -1.0, rest);
  }

  // e^t.
  HWY_INLINE Real Value() const { return Ldexp(expm1 + 1.0, n); }

  // a * e^t, subnormal results included.
  HWY_INLINE Real Times(Real a) const { return Ldexp(a * (expm1 + 1.0), n); }

  // e^t - 1, next to 0 too.
  HWY_INLINE Real Minus1() const {
    const Real scale = Larger(n, -64.0);  // e^t is lost beside 1 from there on
    const Real one_scaled = Pow2(-Smaller(scale, 1000.0));
    return Ldexp(expm1 + (1.0 - one_scaled), scale);
  }
};

HWY_INLINE Real Exp(Real t) { return FullExponential(t).Value(); }

// ln(1 + y) for finite y >= 0.
HWY_INLINE Real Log1p(Real y) {
  const Sum u = TwoSum(1.0, y);
  // u = 2^n * (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)): take the exponent after a shift by
  // sqrt(2).
  const auto bits = hn::BitCast(U64(), u.hi.v);
  const auto offset = hn::Set(U64(), 0x3fe6a09e667f3bcdull);  // the bits of sqrt(1/2)
  const auto exponent = hn::ShiftRight<52>(hn::Sub(bits, offset));
  const auto integer = hn::Add(exponent, hn::BitCast(U64(), hn::Set(F64(), kIntegerShift)));
  const Real n = Real(hn::BitCast(F64(), integer)) - kIntegerShift;
  const Real scale = Pow2(-n);
  const Real f = u.hi * scale - 1.0;
  // ln(1 + f) = f - (f^2/2 - s (f^2/2 + R)) with s = f / (2 + f), R = s^2 Q(s^2).
  const Real s = f / (f + 2.0);
  const Real z = s * s;
  const Real half_square = f * f * 0.5;
  const Real rest = z * Polynomial(z, coefficients::kLogRest);
  const Real low = Fma(n, kLn2Low, u.lo / u.hi);
  return Fma(n, kLn2High, f - (half_square - Fma(s, half_square + rest, low)));
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_SIMD_MATH_INL_H_
