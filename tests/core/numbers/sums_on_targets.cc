#include "tests/core/numbers/sums_on_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/core/numbers/sums_on_targets.cc"
#include "hwy/foreach_target.h"

#include "core/numbers/compensated_sum-inl.h"
#include "core/numbers/row_sums-inl.h"
#include "tests/core/numbers/number_array-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
namespace {

CompensatedSum FirstLane(NormalizedDoubleDouble a) {
  return {hn::GetLane(a.hi.v), hn::GetLane(a.lo.v)};
}
CompensatedSum FirstLane(Double a) { return {hn::GetLane(a.v), 0}; }

template <class N>
N Number(const NumberArray& terms, size_t i, bool along) {
  if (along) return LoadNumbers<N>(terms, i);
  if constexpr (std::is_same_v<N, Double>) {
    return terms.hi[i];
  } else {
    return N(Double(terms.hi[i]), Double(terms.lo[i]));
  }
}

template <class N, bool kAlong>
CompensatedSum RowTotal(const NumberArray& terms) {
  RowSums<N, kAlong> sums;
  const size_t step = kAlong ? kLanes : 1;
  for (size_t i = 0; i < terms.size(); i += step) {
    sums.Add(i / step, Number<N>(terms, i, kAlong));
  }
  return FirstLane(sums.Total());
}

CompensatedSum Largest(const NumberArray& terms) {
  NormalizedDoubleDouble largest(-kInfinity);
  for (size_t i = 0; i < terms.size(); i += kLanes) {
    largest = Maximum(LoadNumbers<NormalizedDoubleDouble>(terms, i), largest);
  }
  return FirstLane(LargestOfLanes(largest));
}

}  // namespace

void SumLanes(const NumberArray& terms, CompensatedSum& sum) {
  LaneSums sums;
  for (size_t i = 0; i < terms.size(); i += kLanes) {
    const DoubleDouble term = LoadNumbers<DoubleDouble>(terms, i);
    sums.Add(i, {term.hi, term.lo});
  }
  sum = sums.Total();
}

void SumRow(Lying lying, const NumberArray& terms, RowTotals& totals) {
  totals.largest = Largest(terms);
  if (lying == Lying::kAlong) {
    totals.in_doubles = RowTotal<Double, true>(terms);
    totals.in_double_doubles = RowTotal<NormalizedDoubleDouble, true>(terms);
  } else {
    totals.in_doubles = RowTotal<Double, false>(terms);
    totals.in_double_doubles = RowTotal<NormalizedDoubleDouble, false>(terms);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {

HWY_EXPORT(SumLanes);
HWY_EXPORT(SumRow);

CompensatedSum SummedOn(int64_t target, const NumberArray& terms) {
  CompensatedSum sum;
  OnTarget(target, [&] { HWY_DYNAMIC_DISPATCH(SumLanes)(Padded(terms), sum); });
  return sum;
}

RowTotals RowTotalsOn(int64_t target, Lying lying, const NumberArray& terms) {
  RowTotals totals;
  OnTarget(target, [&] { HWY_DYNAMIC_DISPATCH(SumRow)(lying, Padded(terms), totals); });
  return totals;
}

}  // namespace rectifier
#endif  // HWY_ONCE
