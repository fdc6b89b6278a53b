// Sums over rows in a fixed order: element i goes to running sum i % 8, and the eight are added up
// by halves ((0+4)+(2+6))+((1+5)+(3+7)), whatever the vector length and the way rows lie on
// vectors.

#if defined(RECTIFIER_CORE_NUMBERS_ROW_SUMS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_NUMBERS_ROW_SUMS_INL_H_
#undef RECTIFIER_CORE_NUMBERS_ROW_SUMS_INL_H_
#else
#define RECTIFIER_CORE_NUMBERS_ROW_SUMS_INL_H_
#endif

#include <cstddef>

#include "core/numbers/normalized_double_double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

inline constexpr size_t kRunningSums = 8;
static_assert(kRunningSums % kLanes == 0, "vectors of up to 8 doubles");

// The lanes half a vector (of `kWidth` lanes) away.
template <size_t kWidth>
HWY_INLINE Double OtherHalf(Double a) {
#if HWY_TARGET != HWY_SCALAR
  if constexpr (kWidth == 8) return hn::ConcatLowerUpper(F64(), a.v, a.v);
#if HWY_TARGET != HWY_SSE4
  if constexpr (kWidth == 4) return hn::SwapAdjacentBlocks(a.v);
#endif
  if constexpr (kWidth == 2) return hn::Shuffle01(a.v);
#endif
  return a;
}
template <size_t kWidth>
HWY_INLINE NormalizedDoubleDouble OtherHalf(NormalizedDoubleDouble a) {
  return {OtherHalf<kWidth>(a.hi), OtherHalf<kWidth>(a.lo)};
}

// The sum of all lanes, in every lane.
template <size_t kWidth = kLanes, class N>
HWY_INLINE N SumOfLanes(N a) {
  if constexpr (kWidth == 1) {
    return a;
  } else {
    return SumOfLanes<kWidth / 2>(a + OtherHalf<kWidth>(a));
  }
}

// The larger of the two; `b` where either is a NaN. As Larger, in one instruction.
HWY_INLINE Double Maximum(Double a, Double b) {
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR
  return hn::Max(a.v, b.v);
#else
  return Larger(a, b);
#endif
}

// Sums of two doubles, by both: their order is that of the numbers they stand for.
HWY_INLINE NormalizedDoubleDouble Maximum(NormalizedDoubleDouble a, NormalizedDoubleDouble b) {
  const Mask larger = (a.hi > b.hi) | ((a.hi == b.hi) & (a.lo > b.lo));
  return Select(larger, a, b);
}

// The largest of all lanes, in every lane; there are no NaNs among them.
template <size_t kWidth = kLanes, class Element>
HWY_INLINE Element LargestOfLanes(Element a) {
  if constexpr (kWidth == 1) {
    return a;
  } else {
    return LargestOfLanes<kWidth / 2>(Maximum(a, OtherHalf<kWidth>(a)));
  }
}

// Eight running sums, side by side in kLanes lanes where `kAlong`, else each in a vector of its
// own.
template <class N, bool kAlong>
class RowSums {
 public:
  HWY_INLINE explicit RowSums(double start = 0) {
#pragma GCC unroll 8
    for (size_t i = 0; i < kVectors; ++i) sums_[i] = N(start);
  }

  HWY_INLINE void Add(size_t step, Double term) {
    Double& sum = sums_[step % kVectors];
    sum = sum + term;
  }
  HWY_INLINE void Add(size_t step, NormalizedDoubleDouble term) {
    NormalizedDoubleDouble& sum = sums_[step % kVectors];
    const Sum high = TwoSum(sum.hi, term.hi);
    sum = NormalizedDoubleDouble(high.hi, sum.lo + (high.lo + term.lo));
  }

  HWY_INLINE void AddProduct(size_t step, Double a, Double b) {
    Double& sum = sums_[step % kVectors];
    sum = Fma(a, b, sum);
  }
  HWY_INLINE void AddProduct(size_t step, NormalizedDoubleDouble a, NormalizedDoubleDouble b) {
    Add(step, a * b);
  }

  // In every lane of the row.
  HWY_INLINE N Total() const {
    N folded[kVectors];
#pragma GCC unroll 8
    for (size_t i = 0; i < kVectors; ++i) folded[i] = sums_[i];
#pragma GCC unroll 4
    for (size_t half = kVectors / 2; half > 0; half /= 2) {
#pragma GCC unroll 4
      for (size_t i = 0; i < half; ++i) folded[i] = folded[i] + folded[i + half];
    }
    if constexpr (kAlong) {
      return SumOfLanes(folded[0]);
    } else {
      return folded[0];
    }
  }

 private:
  static constexpr size_t kVectors = kAlong ? kRunningSums / kLanes : kRunningSums;

  N sums_[kVectors];
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_NUMBERS_ROW_SUMS_INL_H_
