// float32 results of two vectors of doubles, rounded and stored as one vector of floats.

#if defined(RECTIFIER_CORE_LOOPS_ROUNDED_PASS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_LOOPS_ROUNDED_PASS_INL_H_
#undef RECTIFIER_CORE_LOOPS_ROUNDED_PASS_INL_H_
#else
#define RECTIFIER_CORE_LOOPS_ROUNDED_PASS_INL_H_
#endif

#include <limits>

#include "core/numbers/element-inl.h"
#include "core/numbers/float_float-inl.h"
#include "core/numbers/rounding-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// T is float; results may be off by 2^kBound. Older targets have no use for it.
template <class T, int kBound>
class RoundedPass;

#if HWY_TARGET <= HWY_AVX2

// Where a float is a NaN, zero or subnormal.
HWY_INLINE FloatMask IsUnusual(Float a) {
#if HWY_TARGET <= HWY_AVX3
  return {hn::Mask<Floats>{_mm512_fpclass_ps_mask(a.v.raw, 0x80 | 0x20 | 0x04 | 0x02 | 0x01)}};
#else
  // Twice the bits without the sign, less those of the least normal number, are at most those of
  // infinity elsewhere.
  using Signed = hn::RebindToSigned<Floats>;
  constexpr uint32_t kLeast = 2u * 0x00800000, kInfinite = 2u * 0x7f800000, kHalf = 0x80000000;
  const auto twice = hn::Add(BitsOf(a), BitsOf(a));
  const auto moved = hn::BitCast(Signed(), hn::Sub(twice, hn::Set(FloatBits(), kLeast + kHalf)));
  const auto most = hn::Set(Signed(), static_cast<int32_t>(kInfinite - kLeast - kHalf));
  return {hn::RebindMask(Floats(), hn::Gt(moved, most))};
#endif
}

template <int kBound>
class RoundedPass<float, kBound> {
 public:
  // Of the elements from i on.
  HWY_INLINE RoundedPass(const void* x, size_t i)
      : i_(i),
        no_number_(IsNaN(Float(LoadLanes(Floats(), static_cast<const float*>(x) + i)))),
        near_tie_{hn::Ne(hn::Zero(Floats()), hn::Zero(Floats()))} {}

  HWY_INLINE void Put(Double low, Double high, void* stream, bool bypass_cache) {
    Float rounded = hn::Combine(Floats(), RoundToFloat(high), RoundToFloat(low));
    if (HWY_UNLIKELY(Any(MayBeNearTie(low, high) | IsUnusual(rounded) | no_number_))) {
      const RoundedFloat<kBound> first(low), second(high);
      const auto difference = hn::Combine(FloatBits(), second.difference, first.difference);
      const auto differs = hn::Ne(difference, hn::Zero(FloatBits()));
      near_tie_ = near_tie_ | FloatMask{hn::RebindMask(Floats(), differs)};
      rounded =
          Select(no_number_ | IsNaN(rounded), std::numeric_limits<float>::quiet_NaN(), rounded);
    }
    float* const to = static_cast<float*>(stream) + i_;
    if (bypass_cache) return StoreLanes<Storing::kBypassingCache>(Floats(), rounded.v, to);
    StoreLanes(Floats(), rounded.v, to);
  }
  HWY_INLINE FloatMask NearTie() const { return near_tie_; }

 private:
  // By the 29 bits that a normal float does not have, which are a 1 and zeros in a tie: a few
  // operations on integers.
  static HWY_INLINE FloatMask MayBeNearTie(Double low, Double high) {
    constexpr int kWidth = 53 + kBound;  // bits in which an error may be
    constexpr uint32_t kLost = (1u << 29) - 1, kTie = 1u << 28;
    const auto bits = hn::ConcatEven(FloatBits(), hn::BitCast(FloatBits(), high.v),
                                     hn::BitCast(FloatBits(), low.v));
    const auto distance = hn::Sub(bits, hn::Set(FloatBits(), kTie - (1u << kWidth)));
    const auto far = hn::And(distance, hn::Set(FloatBits(), kLost & ~((2u << kWidth) - 1)));
    return {hn::RebindMask(Floats(), hn::Eq(far, hn::Zero(FloatBits())))};
  }

  size_t i_;
  FloatMask no_number_;  // where x is a NaN
  FloatMask near_tie_;
};

#endif  // HWY_TARGET <= HWY_AVX2

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_LOOPS_ROUNDED_PASS_INL_H_
