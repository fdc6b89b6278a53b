// Sine, cosine and the inverse tangent of a number of either kind. Accuracy: bounds.h, next to the
// roots too.

#if defined(RECTIFIER_CORE_FUNCTIONS_TRIGONOMETRY_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_FUNCTIONS_TRIGONOMETRY_INL_H_
#undef RECTIFIER_CORE_FUNCTIONS_TRIGONOMETRY_INL_H_
#else
#define RECTIFIER_CORE_FUNCTIONS_TRIGONOMETRY_INL_H_
#endif

#include "core/functions/cancellation-inl.h"
#include "core/functions/coefficients.h"
#include "core/functions/exponential-inl.h"
#include "core/functions/fitted-inl.h"

#include "core/functions/reduction.h"
#include "core/functions/tables-inl.h"
#include "core/numbers/double_double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

inline constexpr Constant kHalfPi = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54};
inline constexpr Constant kQuarterPi = {0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55};

// The exact product u = a b as a multiple of pi/2, the quadrant, plus r with |r| <= pi/4.
struct Reduction {
  DoubleDouble r;
  Mask odd;     // the quadrant is 1 or 3
  Mask second;  // it is 2 or 3

  HWY_INLINE Reduction(Double a, Double b) {
    const DoubleDouble u = Product<DoubleDouble>(a, b);
    const Double shifted = Fma(u.hi, 1 / kHalfPi.hi, kIntegerShift);
    auto quadrant = IntegerBits(shifted);
    r = Rest(u, shifted - kIntegerShift);
    const Mask near = Abs(u.hi) < 0x1p20;
    if (HWY_UNLIKELY(!hn::AllTrue(F64(), near.m))) ReduceFar(a, b, near, quadrant);
    odd = {Bit(quadrant, 1)};
    second = {Bit(quadrant, 2)};
  }

 private:
  // u - k pi/2 for |k| <= 2^20: sums without an error, but for their last terms.
  static HWY_INLINE DoubleDouble Rest(DoubleDouble u, Double k) {
    const double(&parts)[4] = coefficients::kHalfPiParts;
    const Sum first = TwoSum(Fma(k, -parts[0], u.hi), k * -parts[1]);
    const Sum second = TwoSum(first.hi, u.lo);
    const Sum third = TwoSum(second.hi, k * -parts[2]);
    const Double low = (first.lo + second.lo) + (third.lo + k * -parts[3]);
    return Renormalized({third.hi, low});
  }

  // Replaces r and the quadrant in lanes that are not near.
  HWY_NOINLINE void ReduceFar(Double a, Double b, Mask near, hn::Vec<U64>& quadrant) {
    HWY_ALIGN double factor[kLanes];
    HWY_ALIGN double argument[kLanes];
    HWY_ALIGN double high[kLanes];
    HWY_ALIGN double low[kLanes];
    HWY_ALIGN double is_near[kLanes];
    HWY_ALIGN uint64_t bits[kLanes];
    Store(a, factor);
    Store(b, argument);
    Store(r.hi, high);
    Store(r.lo, low);
    Store(SelectOrZero(near, 1.0), is_near);
    hn::Store(quadrant, U64(), bits);
    for (size_t i = 0; i < kLanes; ++i) {
      if (is_near[i] != 0) continue;
      const Reduced reduced = ReduceProduct(factor[i], argument[i]);
      high[i] = reduced.r;
      low[i] = reduced.r_low;
      bits[i] = reduced.quadrant;
    }
    r = {Load(high), Load(low)};
    quadrant = hn::Load(U64(), bits);
  }

  static HWY_INLINE hn::Mask<F64> Bit(hn::Vec<U64> quadrant, uint64_t bit) {
    return hn::RebindMask(F64(), hn::TestBit(quadrant, hn::Set(U64(), bit)));
  }
};

// sin(r)/r and (1 - cos(r))/r^2 in r^2, by Taylor: to 2^-100 for |r| <= pi/4.
inline constexpr double kSinSeries[] = {
    0x1.0000000000000p+0,  -0x1.5555555555555p-3,  0x1.1111111111111p-7,  -0x1.a01a01a01a01ap-13,
    0x1.71de3a556c734p-19, -0x1.ae64567f544e4p-26, 0x1.6124613a86d09p-33, -0x1.ae7f3e733b81fp-41,
    0x1.952c77030ad4ap-49, -0x1.2f49b46814157p-57, 0x1.71b8ef6dcf572p-66, -0x1.761b41316381ap-75,
    0x1.3f3ccdd165fa9p-84, -0x1.d1ab1c2dccea3p-94};
inline constexpr double kSinSeriesLow[] = {0,
                                           -0x1.5555555555555p-57,
                                           0x1.1111111111111p-63,
                                           -0x1.a01a01a01a01ap-73,
                                           -0x1.c154f8ddc6c00p-73,
                                           0x1.c062e06d1f209p-80,
                                           0x1.f28e0cc748ebep-87,
                                           -0x1.1d8656b0ee8cbp-97};
inline constexpr double kCosSeries[] = {
    0x1.0000000000000p-1,  -0x1.5555555555555p-5,  0x1.6c16c16c16c17p-10, -0x1.a01a01a01a01ap-16,
    0x1.27e4fb7789f5cp-22, -0x1.1eed8eff8d898p-29, 0x1.93974a8c07c9dp-37, -0x1.ae7f3e733b81fp-45,
    0x1.6827863b97d97p-53, -0x1.e542ba4020225p-62, 0x1.0ce396db7f853p-70, -0x1.f2cf01972f578p-80,
    0x1.88e85fc6a4e5ap-89, -0x1.0a18a2635085dp-98};
inline constexpr double kCosSeriesLow[] = {0,
                                           -0x1.5555555555555p-59,
                                           -0x1.f49f49f49f49fp-65,
                                           -0x1.a01a01a01a01ap-76,
                                           0x1.cbbc05b4fa99ap-76,
                                           0x1.2aec959e14c06p-83,
                                           0x1.05d6f8a2efd1fp-92,
                                           -0x1.1d8656b0ee8cbp-101};

// The functions of the angle u = a b, an exact product.
template <class N>
struct Angle {
  Reduction at;
  N sin_r;
  N one_less_cos_r;  // 1 - cos r

  HWY_INLINE Angle(Double a, Double b) : at(a, b) {
    using namespace coefficients;  // NOLINT: three names of one polynomial each
    const N r = As<N>(at.r);
    const N square = r * r;
    sin_r = Fma(r * square, Fitted(square, kSinShort, kSinDoubleDouble, kSinDoubleDoubleLow), r);
    one_less_cos_r =
        Half(square) -
        square * square * Fitted(square, kCosShort, kCosDoubleDouble, kCosDoubleDoubleLow);
  }

  // The same to 2^-98.
  HWY_INLINE Angle(Double a, Double b, Digits /*all*/) requires kIsDoubleDouble<N> : at(a, b) {
    const DoubleDouble square = at.r * at.r;
    sin_r = at.r * Polynomial(square, kSinSeries, kSinSeriesLow);
    one_less_cos_r = square * Polynomial(square, kCosSeries, kCosSeriesLow);
  }

  HWY_INLINE N Sin() const {
    const N size = Select(at.odd, 1.0 - one_less_cos_r, sin_r);
    return Select(at.second, -size, size);
  }
  HWY_INLINE N Cos() const {
    const N even = Select(at.second, one_less_cos_r - 1.0, 1.0 - one_less_cos_r);
    return Select(at.odd, Select(at.second, sin_r, -sin_r), even);
  }
  // Next to their roots too, these are relatively accurate.
  HWY_INLINE N OneLessCos() const {
    const N even = Select(at.second, 2.0 - one_less_cos_r, one_less_cos_r);
    return Select(at.odd, Select(at.second, 1.0 - sin_r, sin_r + 1.0), even);
  }
  HWY_INLINE N OnePlusSin() const {
    const N even = Select(at.second, 1.0 - sin_r, sin_r + 1.0);
    return Select(at.odd, Select(at.second, one_less_cos_r, 2.0 - one_less_cos_r), even);
  }
};

// The inverse tangent of x.
template <class N>
HWY_INLINE N Atan(Double x) {
  // Beyond tan(pi/8) that of (|x| - 1)/(|x| + 1), plus pi/4; beyond tan(3 pi/8) that of -1/|x|,
  // plus pi/2.
  using namespace coefficients;  // NOLINT: three names of one polynomial
  const Double size = Abs(x);
  const Mask middle = size > 0x1.a827999fcef32p-2;
  const Mask far = size > 0x1.3504f333f9de6p+1;
  const N above = Select(far, N(-1.0), SumOf<N>(size, -1.0));
  const N below = Select(far, N(size), SumOf<N>(size, 1.0));
  const N r = Select(middle, above / below, N(size));
  const N turned = Select(far, Exactly<N>(kHalfPi), Exactly<N>(kQuarterPi));
  const N square = r * r;
  const N near =
      Fma(r * square, Fitted(square, kAtanShort, kAtanDoubleDouble, kAtanDoubleDoubleLow), r);
  return WithSign(Select(middle, turned + near, near), x);
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_FUNCTIONS_TRIGONOMETRY_INL_H_
