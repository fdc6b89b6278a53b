// The functions that activations are made of, in float-floats (float_float-inl.h): what
// exponential-inl.h and its neighbours are for double lanes. Accuracy: bounds.h.

#if defined(RECTIFIER_CORE_FUNCTIONS_FLOAT_FLOAT_FUNCTIONS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_FUNCTIONS_FLOAT_FLOAT_FUNCTIONS_INL_H_
#undef RECTIFIER_CORE_FUNCTIONS_FLOAT_FLOAT_FUNCTIONS_INL_H_
#else
#define RECTIFIER_CORE_FUNCTIONS_FLOAT_FLOAT_FUNCTIONS_INL_H_
#endif

#include <iterator>

#include "core/functions/coefficients.h"
#include "core/numbers/float_float-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// e^t for |t| <= kMost: farther out lo leaves the normal floats.
struct FloatExponential {
  static constexpr float kMost = 70;

  HWY_INLINE explicit FloatExponential(Float t) {
    const Float shifted = Shifted(t);
    Compute(t, shifted, Steps(shifted) * -kLn2Over16Low);
  }
  HWY_INLINE explicit FloatExponential(FloatFloat t) {
    const Float shifted = Shifted(t.hi);
    Compute(t.hi, shifted, Fma(Steps(shifted), -kLn2Over16Low, t.lo));
  }

  HWY_INLINE FloatFloat Value() const { return Scaled(AddSmaller(table_, product_), scale_); }

  // e^t - 1, also next to 0, for t <= 0.
  HWY_INLINE FloatFloat Minus1() const {
    return AddSmaller(SumOfOrdered(-1.0f, table_ * scale_), Scaled(product_, scale_));
  }

 private:
  static constexpr float kSixteenOverLn2 = 0x1.715476p+4f;
  // ln(2)/16 in two parts.
  static constexpr float kLn2Over16 = 0x1.62e43p-5f;
  static constexpr float kLn2Over16Low = -0x1.05c61p-33f;

  // t = k ln(2)/16 + r with an integer k = 16 n + j: e^t = 2^n 2^(j/16) e^r.
  static HWY_INLINE Float Shifted(Float t) { return Fma(t, kSixteenOverLn2, kFloatIntegerShift); }
  static HWY_INLINE Float Steps(Float shifted) { return shifted - kFloatIntegerShift; }

  HWY_INLINE void Compute(Float t, Float shifted, Float r_low) {
    // Exact: a multiple of 2^-29 below 2^-5, or t.
    const Float r = Fma(Steps(shifted), -kLn2Over16, t);
    const auto bits = BitsOf(shifted);
    const auto exponent = hn::And(hn::ShiftLeft<19>(bits), hn::Set(FloatBits(), 0xff800000u));
    scale_ = hn::BitCast(Floats(), hn::Add(exponent, BitsOf(1.0f)));

    // e^r - 1 = r + r^2/2 + ...
    const FloatFloat square = ProductOfFloats(r, r);
    const Float cubic = (square.hi * r) * Polynomial(r, coefficients::kFloatExpCubic);
    rest_ = Fma(0.5f, square.hi, r);
    const Float error = Fma(0.5f, square.hi, r - rest_);
    const Float rest_low = (Fma(0.5f, square.lo, cubic) + error) + Fma(r_low, rest_, r_low);

    table_ = Lookup(coefficients::kFloatExpTable[0], bits);
    const Float table_low = Lookup(coefficients::kFloatExpTable[1], bits);
    const Float product = table_ * rest_;
    product_ = {product, Fma(table_, rest_low, MultiplySubtract(table_, rest_, product)) +
                             Fma(table_low, rest_, table_low)};
  }

  Float scale_;         // 2^n
  Float table_;         // 2^(j/16)
  Float rest_;          // e^r - 1
  FloatFloat product_;  // 2^(j/16) e^r - table
};

// ln(1 + y) for y in [0, 1].
HWY_INLINE FloatFloat LogOnePlus(FloatFloat y) {
  const auto piece = BitsOf(Fma(y.hi, 15.99f, -0.5f) + kFloatIntegerShift);
  const Float inverse_less_1 = Lookup(coefficients::kFloatLogTable[0], piece);
  const Float inverse = inverse_less_1 + 1.0f;
  const FloatFloat product = y * inverse;
  const Float f = product.hi + inverse_less_1;
  // f - f^2/2 + f^3/3 - ...
  const FloatFloat square = ProductOfFloats(f, f);
  const Float cubic = (square.hi * f) * Polynomial(f, coefficients::kFloatLogCubic);
  const Float near_1 = Fma(-0.5f, square.hi, f);
  const Float error = Fma(-0.5f, square.hi, f - near_1);
  // product.lo/(1 + f)
  const Float f_low = SubtractProduct(product.lo, product.lo, f - square.hi);
  const Float low = (Fma(-0.5f, square.lo, cubic) + error) + f_low;
  const FloatFloat log = {Lookup(coefficients::kFloatLogTable[1], piece),
                          Lookup(coefficients::kFloatLogTable[2], piece)};
  return AddSmaller(log, {near_1, low});
}

// The logistic function s(x) = 1/(1 + e^-x).
struct FloatLogistic {
  FloatFloat e;      // e^-x
  FloatFloat value;  // s(x)

  HWY_INLINE explicit FloatLogistic(Float x)
      : e(FloatExponential(-x).Value()), value(Inverse(AddPositive(e, 1.0f))) {}

  HWY_INLINE FloatFloat Complement() const { return e * value; }  // s(-x)
};

// The upper tail of the standard normal distribution at t, 0 <= t <= kEnd: Q(t) = phi(t) M(t).
struct FloatNormalTail {
  static constexpr float kEnd = 11.8f;

  FloatFloat mills;        // M(t)/sqrt(2 pi)
  FloatFloat exponential;  // e^(-t^2/2)

  HWY_INLINE explicit FloatNormalTail(Float t)
      : mills(Mills(t)), exponential(FloatExponential(ProductOfFloats(t * -0.5f, t)).Value()) {}

 private:
  static HWY_INLINE FloatFloat Term(size_t i, hn::Vec<FloatBits> piece) {
    return {Lookup(coefficients::kFloatMills[i], piece),
            Lookup(coefficients::kFloatMillsLow[i], piece)};
  }
  static HWY_INLINE FloatFloat Mills(Float t) {
    // 1 + t to four bits, halves down, and where it stands among those from 1 on. The distance is
    // exact: halves up, it would have a bit too many for t next below 1/16.
    const auto rounded = hn::Add(BitsOf(t + 1.0f), hn::Set(FloatBits(), (1u << 19) - 1));
    const auto four_bits = hn::And(rounded, hn::Set(FloatBits(), 0xfff00000u));
    const auto piece = hn::Sub(hn::ShiftRight<20>(rounded), hn::Set(FloatBits(), 127u << 3));
    const Float h = t - (Float(hn::BitCast(Floats(), four_bits)) - 1.0f);
    // Terms 0 and 1 have two parts.
    size_t i = std::size(coefficients::kFloatMills) - 1;
    Float high = Lookup(coefficients::kFloatMills[i], piece);
    while (--i > 1) high = Fma(high, h, Lookup(coefficients::kFloatMills[i], piece));
    const FloatFloat slope = AddSmaller(Term(1, piece), ProductOfFloats(high, h));
    return AddSmaller(Term(0, piece), slope * h);
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_FUNCTIONS_FLOAT_FLOAT_FUNCTIONS_INL_H_
