// The kernels that sum parameter gradients.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/simd/reduction.cc"
#include "core/activations/families.h"
#include "core/simd/element-inl.h"
#include "core/simd/sum-inl.h"
#include "hwy/foreach_target.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// The elements i .. i + kLanes of `terms`, 0 past the end.
HWY_INLINE Real LoadOrZero(const double* terms, size_t i, size_t count) {
  if (i + kLanes <= count) return Load(terms + i);
  double lanes[kLanes] = {};
  for (size_t k = i; k < count; ++k) lanes[k - i] = terms[k];
  return Load(lanes);
}

DoubleDouble SumTerms(const double* terms, size_t count) {
  LaneSums sums;
  for (size_t i = 0; i < count; i += kLanes) sums.Add(i, LoadOrZero(terms, i, count));
  return sums.Total();
}

void AddTerms(const double* terms, double* sums_hi, double* sums_lo, size_t count) {
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const Sum sum = TwoSum(Load(sums_hi + i), Load(terms + i));
    Store(sum.hi, sums_hi + i);
    Store(Load(sums_lo + i) + sum.lo, sums_lo + i);
  }
  for (; i < count; ++i) {
    const double sum = sums_hi[i] + terms[i];
    const double shadow = sum - sums_hi[i];
    sums_lo[i] += (sums_hi[i] - (sum - shadow)) + (terms[i] - shadow);
    sums_hi[i] = sum;
  }
}

ReductionKernels ReductionTable() { return {&SumTerms, &AddTerms}; }

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {
HWY_EXPORT(ReductionTable);
ReductionKernels Reductions() { return HWY_DYNAMIC_DISPATCH(ReductionTable)(); }
}  // namespace rectifier
#endif
