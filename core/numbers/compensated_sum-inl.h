// Sums in twice the precision of a double, in an order that does not depend on the vector length.

#if defined(RECTIFIER_CORE_NUMBERS_COMPENSATED_SUM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_NUMBERS_COMPENSATED_SUM_INL_H_
#undef RECTIFIER_CORE_NUMBERS_COMPENSATED_SUM_INL_H_
#else
#define RECTIFIER_CORE_NUMBERS_COMPENSATED_SUM_INL_H_
#endif

#include "core/kernel.h"
#include "core/numbers/double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// Eight running sums, element i going to sum i % 8 on every CPU target, each with its rounding
// errors beside it (Knuth's TwoSum).
class LaneSums {
 public:
  LaneSums() {
    for (size_t i = 0; i < kVectors; ++i) high_[i] = low_[i] = 0.0;
  }

  // Adds elements i .. i + kLanes; `i` is a multiple of kLanes. Lanes past the end hold 0.
  HWY_INLINE void Add(size_t i, Sum terms) {
    const size_t vector = i / kLanes % kVectors;
    const Sum sum = TwoSum(high_[vector], terms.hi);
    high_[vector] = sum.hi;
    low_[vector] = low_[vector] + (sum.lo + terms.lo);
  }

  // The sum of all, added up in the order of the lanes.
  CompensatedSum Total() const {
    double high[kSums], low[kSums];
    for (size_t i = 0; i < kVectors; ++i) {
      Store(high_[i], high + i * kLanes);
      Store(low_[i], low + i * kLanes);
    }
    CompensatedSum total;
    for (size_t i = 0; i < kSums; ++i) total.Add(high[i], low[i]);
    return total;
  }

 private:
  static constexpr size_t kSums = 8;
  static constexpr size_t kVectors = kSums / kLanes;
  static_assert(kSums % kLanes == 0, "vectors of up to 8 doubles");

  Double high_[kVectors];
  Double low_[kVectors];
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_NUMBERS_COMPENSATED_SUM_INL_H_
