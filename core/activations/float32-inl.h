// The activations that are asked for most, in float-float lanes, for float32: values and
// derivatives of the structs of the same names in double lanes, within what
// elementwise_float32-inl.h says. Bounds: beyond them e^x leaves the normal floats, or its digits
// do.

#if defined(RECTIFIER_CORE_ACTIVATIONS_FLOAT32_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_FLOAT32_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_FLOAT32_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_FLOAT32_INL_H_
#endif

#include <array>

#include "core/functions/float_float_functions-inl.h"
#include "core/kernel.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

using UniformParameters = std::array<const double*, kMaxParameters>;

HWY_INLINE FloatMask Beyond(Float x, float bound) { return NotAtMost(Abs(x), bound); }
// So small that products with x may lose digits, of which the last may break a tie; 0 loses none.
HWY_INLINE FloatMask IsTiny(Float x) { return AndNot(x == 0.0f, Abs(x) < 0x1p-100f); }
// A bound of products, which may be larger than their factors by a little.
inline constexpr float kHuge = 1e38f;

HWY_INLINE FloatMask IsNear(Float x, const coefficients::Root& root) {
  return Abs(x - static_cast<float>(root.at[0])) < static_cast<float>(coefficients::kRootRadius);
}

struct WithoutParameters {
  static bool Takes(const UniformParameters& /*parameters*/) { return true; }
};
struct WithOneParameterOf1 {
  static bool Takes(const UniformParameters& parameters) { return *parameters[0] == 1; }
};

// Softplus without a threshold.
struct WithParametersOf1AndInfinity {
  static bool Takes(const UniformParameters& parameters) {
    return *parameters[0] == 1 && *parameters[1] == kInfinity;
  }
};

struct SigmoidFloat32 : WithoutParameters {
  static constexpr float kValueError = 0x1p-37f;
  static constexpr float kDerivativeError = 0x1p-37f;

  Float x;
  FloatLogistic logistic;

  HWY_INLINE explicit SigmoidFloat32(Float x) : x(x), logistic(x) {}
  HWY_INLINE FloatMask Outside() const { return Beyond(x, FloatExponential::kMost); }
  HWY_INLINE FloatFloat Value() const { return logistic.value; }
  HWY_INLINE FloatFloat Derivative() const { return logistic.Complement() * logistic.value; }
};

// With e = e^-2|x|: tanh |x| = (1 - e)/(1 + e).
struct TanhFloat32 : WithoutParameters {
  static constexpr float kValueError = 0x1p-33f;
  static constexpr float kDerivativeError = 0x1p-39f;

  Float x;
  FloatExponential exponential;
  FloatFloat e;
  FloatFloat inverse;  // 1/(1 + e)

  HWY_INLINE explicit TanhFloat32(Float x)
      : x(x),
        exponential(Abs(x) * -2.0f),
        e(exponential.Value()),
        inverse(Inverse(AddSmaller(1.0f, e))) {}
  HWY_INLINE FloatMask Outside() const { return Beyond(x, FloatExponential::kMost / 2); }
  HWY_INLINE FloatFloat Value() const { return exponential.Minus1() * inverse; }  // of -|x|
  HWY_INLINE Float Signed(Float value) const { return WithSign(value, x); }
  HWY_INLINE FloatFloat Derivative() const { return Scaled(e * inverse * inverse, 4.0f); }
};

struct SiluFloat32 : WithoutParameters {
  static constexpr float kValueError = 0x1p-37f;
  static constexpr float kDerivativeError = 0x1p-34f;

  Float x;
  FloatLogistic logistic;

  HWY_INLINE explicit SiluFloat32(Float x) : x(x), logistic(x) {}
  HWY_INLINE FloatMask Outside() const { return Beyond(x, FloatExponential::kMost) | IsTiny(x); }
  HWY_INLINE FloatMask NearRoot() const { return IsNear(x, coefficients::kSilu1[0]); }
  HWY_INLINE FloatFloat Value() const { return logistic.value * x; }
  HWY_INLINE Float Signed(Float value) const { return WithSign(value, x); }
  HWY_INLINE FloatFloat Derivative() const {
    return (logistic.Complement() * x + 1.0f) * logistic.value;  // s (1 + x (1 - s))
  }
};

struct EluFloat32 : WithOneParameterOf1 {
  static constexpr float kValueError = 0x1p-35f;
  static constexpr float kDerivativeError = 0x1p-39f;

  Float x;
  FloatMask not_negative;
  FloatExponential exponential;

  HWY_INLINE explicit EluFloat32(Float x)
      : x(x), not_negative(x >= 0.0f), exponential(Smaller(x, 0.0f)) {}
  HWY_INLINE FloatMask Outside() const { return Beyond(x, -FloatExponential::kMost, kHuge); }
  HWY_INLINE FloatFloat Value() const { return exponential.Minus1(); }
  HWY_INLINE Float Signed(Float value) const { return Select(not_negative, x, value); }
  HWY_INLINE FloatFloat Derivative() const { return exponential.Value(); }  // e^0 is 1, exactly
};

struct SoftplusFloat32 : WithParametersOf1AndInfinity {
  static constexpr float kValueError = 0x1p-30f;
  static constexpr float kDerivativeError = 0x1p-39f;

  Float x;
  FloatFloat e;  // e^-|x|

  HWY_INLINE explicit SoftplusFloat32(Float x) : x(x), e(FloatExponential(-Abs(x)).Value()) {}
  HWY_INLINE FloatMask Outside() const { return Beyond(x, FloatExponential::kMost); }
  HWY_INLINE FloatFloat Value() const { return LogOnePlus(e) + Larger(x, 0.0f); }
  HWY_INLINE FloatFloat Derivative() const {
    const FloatFloat inverse = Inverse(AddSmaller(1.0f, e));
    return Select(x > 0.0f, inverse, e * inverse);
  }
};

struct GeluFloat32 : WithoutParameters {
  static constexpr float kValueError = 0x1p-31f;
  static constexpr float kDerivativeError = 0x1.8p-31f;

  Float x;
  Float t;  // |x|, bounded where it makes no difference for x > 0
  FloatNormalTail tail;

  HWY_INLINE explicit GeluFloat32(Float x)
      : x(x), t(Smaller(Abs(x), FloatNormalTail::kEnd)), tail(t) {}
  HWY_INLINE FloatMask Outside() const {
    return Beyond(x, -FloatNormalTail::kEnd, kHuge) | IsTiny(x);
  }
  HWY_INLINE FloatMask NearRoot() const { return IsNear(x, coefficients::kGelu1[0]); }
  HWY_INLINE FloatFloat Value() const {
    const FloatFloat lost = tail.mills * t * tail.exponential;  // |x| Q(|x|)
    return SubtractSmaller(Larger(x, 0.0f), lost);
  }
  HWY_INLINE Float Signed(Float value) const { return WithSign(value, x); }
  HWY_INLINE FloatFloat Derivative() const {
    const FloatFloat density = FloatFloat(kInverseRoot2Pi, kInverseRoot2PiLow) * t;
    const FloatFloat left = (tail.mills - density) * tail.exponential;  // f'(-|x|)
    return Select(x > 0.0f, SubtractSmaller(1.0f, left), left);
  }

 private:
  static constexpr float kInverseRoot2Pi = 0x1.988454p-2f;
  static constexpr float kInverseRoot2PiLow = -0x1.857936p-27f;
};

// With w = e^x and p = 1 + w: tanh(softplus(x)) = n/d, n = w (p + 1), d = p^2 + 1.
struct MishFloat32 : WithoutParameters {
  static constexpr float kValueError = 0x1p-38f;
  static constexpr float kDerivativeError = 0x1p-35f;

  // Farther out the gate is open for good.
  static constexpr float kOpen = 30;

  Float x;
  Float bounded;
  FloatFloat w, p;
  FloatFloat n;
  FloatFloat inverse;  // 1/d

  HWY_INLINE explicit MishFloat32(Float x)
      : x(x),
        bounded(Smaller(x, kOpen)),
        w(FloatExponential(bounded).Value()),
        p(AddPositive(w, 1.0f)),
        n(w * AddSmaller(p, 1.0f)),
        inverse(Inverse(AddSmaller(p * p, 1.0f))) {}
  HWY_INLINE FloatMask Outside() const {
    return Beyond(x, -FloatExponential::kMost, kHuge) | IsTiny(x);
  }
  HWY_INLINE FloatMask NearRoot() const { return IsNear(x, coefficients::kMish1[0]); }
  HWY_INLINE FloatFloat Value() const { return n * inverse * x; }
  HWY_INLINE Float Signed(Float value) const { return WithSign(value, x); }
  HWY_INLINE FloatFloat Derivative() const {
    const FloatFloat pull = (w * p) * (inverse * (bounded * 4.0f));
    return (n + pull) * inverse;  // (n + 4 x w p/d)/d
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_FLOAT32_INL_H_
