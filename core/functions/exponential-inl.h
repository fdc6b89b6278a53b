// The exponential of a number of either kind, in the forms that activations need: e^t, a e^t and
// e^t - 1. Accuracy: bounds.h. A NaN gives an unspecified result (the loops put it back, see
// elementwise-inl.h).

#if defined(RECTIFIER_CORE_FUNCTIONS_EXPONENTIAL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_FUNCTIONS_EXPONENTIAL_INL_H_
#undef RECTIFIER_CORE_FUNCTIONS_EXPONENTIAL_INL_H_
#else
#define RECTIFIER_CORE_FUNCTIONS_EXPONENTIAL_INL_H_
#endif

#include "core/functions/coefficients.h"
#include "core/functions/tables-inl.h"
#include "core/numbers/double_double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// t = k ln(2)/16 + r with an integer k = 16 n + j: e^t = 2^n 2^(j/16) e^r. ln(2)/16 in three parts;
// the first has 37 bits, so that its product with k is exact.
inline constexpr double kSixteenOverLn2 = 0x1.71547652b82fep+4;
inline constexpr double kLn2Over16 = 0x1.62e42fefa39efp-5;
inline constexpr double kLn2Over16High = 0x1.62e42fefa0000p-5;
inline constexpr double kLn2Over16Mid = 0x1.cf79abc9e3b3ap-44;
inline constexpr double kLn2Over16Low = -0x1.ff0342542fc33p-98;

// What its caller knows of an exponential's argument: bounds that it need not be held to.
enum class Argument { kAny, kNotPositive, kModerate };  // moderate: below 700 in size

// How much of a double-double is filled.
enum class Digits { kEnough, kAll };

// 1/1!, 1/2!, ..., 1/14!, and the second parts of those that count.
inline constexpr double kInverseFactorials[] = {
    0x1.0000000000000p+0,  0x1.0000000000000p-1,  0x1.5555555555555p-3,  0x1.5555555555555p-5,
    0x1.1111111111111p-7,  0x1.6c16c16c16c17p-10, 0x1.a01a01a01a01ap-13, 0x1.a01a01a01a01ap-16,
    0x1.71de3a556c734p-19, 0x1.27e4fb7789f5cp-22, 0x1.ae64567f544e4p-26, 0x1.1eed8eff8d898p-29,
    0x1.6124613a86d09p-33, 0x1.93974a8c07c9dp-37};
inline constexpr double kInverseFactorialsLow[] = {0,
                                                   0,
                                                   0x1.5555555555555p-57,
                                                   0x1.5555555555555p-59,
                                                   0x1.1111111111111p-63,
                                                   -0x1.f49f49f49f49fp-65,
                                                   0x1.a01a01a01a01ap-73,
                                                   0x1.a01a01a01a01ap-76};

template <class N>
struct Exponential;

// Range: t is taken as -708 below and 709 above: as 0 and infinity, for a float32 result.
template <>
struct Exponential<Double> {
  Double scale;  // 2^n 2^(j/16)
  Double rest;   // e^r - 1

  HWY_INLINE explicit Exponential(Double t, Argument argument = Argument::kAny) {
    Double bounded = t;
    if (argument == Argument::kAny) bounded = Smaller(bounded, 709.0);
    if (argument != Argument::kModerate) bounded = Larger(bounded, -708.0);
    const Double shifted = Fma(bounded, kSixteenOverLn2, kIntegerShift);
    const Double r = Fma(shifted - kIntegerShift, -kLn2Over16, bounded);
    const auto k = IntegerBits(shifted);
    const auto n = hn::ShiftLeft<48>(hn::AndNot(hn::Set(U64(), 15), k));
    const auto power = hn::BitCast(U64(), Lookup(coefficients::kExpTable[0], k).v);
    scale = hn::BitCast(F64(), hn::Add(power, n));
    rest = Fma(r * r, Polynomial(r, coefficients::kExpRest), r);
  }

  HWY_INLINE Double Value() const { return Fma(scale, rest, scale); }
  HWY_INLINE Double Times(Double a) const { return a * Value(); }
  HWY_INLINE Double Minus1() const { return Fma(scale, rest, scale - 1.0); }
};

// With Digits::kAll good to 2^-98. A result below 2^-1022 is rounded there, so that a product with
// it is best left to Times().
// Range: below -1400 the result is 0, above 1400 infinity.
template <>
struct Exponential<DoubleDouble> {
  Double n;
  DoubleDouble power;  // 2^(j/16)
  DoubleDouble rest;   // e^r - 1
  Mask nothing;

  HWY_INLINE explicit Exponential(DoubleDouble t, Argument /*argument*/ = Argument::kAny,
                                  Digits digits = Digits::kEnough) {
    nothing = t.hi < -1400.0;
    const Double bounded = Smaller(Larger(t.hi, -1400.0), 1400.0);
    const Double low = SelectOrZero(bounded == t.hi, t.lo);
    const Double shifted = Fma(bounded, kSixteenOverLn2, kIntegerShift);
    const Double k = shifted - kIntegerShift;
    const auto bits = IntegerBits(shifted);
    power = {Lookup(coefficients::kExpTable[0], bits), Lookup(coefficients::kExpTable[1], bits)};
    const auto whole = hn::AndNot(hn::Set(U64(), 15), bits);
    n = (Double(hn::BitCast(F64(), whole)) - kIntegerShift) * 0x1p-4;
    const Double mid = k * -kLn2Over16Mid;
    const Sum r = TwoSum(Fma(k, -kLn2Over16High, bounded), mid);
    const Double mid_rest = Fma(k, -kLn2Over16Mid, -mid);
    // The second part of t may be large beside r.
    const Sum all = TwoSum(r.hi, r.lo + (mid_rest + Fma(k, -kLn2Over16Low, low)));
    rest = digits == Digits::kAll ? FullRest({all.hi, all.lo}) : Rest({all.hi, all.lo});
  }

  HWY_INLINE DoubleDouble Value() const { return Scaled(power + power * rest, n); }
  HWY_INLINE DoubleDouble Times(DoubleDouble a) const {
    return Scaled(a * (power + power * rest), n);
  }
  HWY_INLINE DoubleDouble Minus1() const {
    const Double exponent = Larger(n, -128.0);  // e^t is lost beside 1 from there on
    const Double one = -Pow2(-Smaller(exponent, 1000.0));
    const DoubleDouble difference = SumOf<DoubleDouble>(power.hi, one) + power.lo;
    // In the far tail a trace of e^t tells that the result is not quite -1.
    return Select(nothing, DoubleDouble(-1.0, 0x1p-200),
                  Scaled(difference + power * rest, exponent));
  }

 private:
  // e^r - 1 by Taylor's series, |r| < 0.022.
  static HWY_INLINE DoubleDouble FullRest(DoubleDouble r) {
    return r * Polynomial(r, kInverseFactorials, kInverseFactorialsLow);
  }
  static HWY_INLINE DoubleDouble Rest(DoubleDouble r) {
    const DoubleDouble square = r * r;
    const Double cubic = (square.hi * r.hi) * Polynomial(r.hi, coefficients::kExpCubic);
    return (r + Half(square)) + cubic;
  }
  // a * 2^n; 0 with the sign of `a` where the argument was below the range.
  HWY_INLINE DoubleDouble Scaled(DoubleDouble a, Double exponent) const {
    const Double half = Round(exponent * 0.5);
    const DoubleDouble scaled = Lowered(a, Pow2(half), Pow2(exponent - half));
    return Select(nothing, WithSign(DoubleDouble(0.0), a.hi), scaled);
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_FUNCTIONS_EXPONENTIAL_INL_H_
