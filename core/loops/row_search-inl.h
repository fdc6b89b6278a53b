// What rows are searched for: their largest element, where it is, and NaNs.

#if defined(RECTIFIER_CORE_LOOPS_ROW_SEARCH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_LOOPS_ROW_SEARCH_INL_H_
#undef RECTIFIER_CORE_LOOPS_ROW_SEARCH_INL_H_
#else
#define RECTIFIER_CORE_LOOPS_ROW_SEARCH_INL_H_
#endif

#include <cstddef>
#include <type_traits>

#include "core/numbers/row_sums-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// The largest element of each row; -infinity where none is larger than that. NaNs do not count.
template <class Rows>
HWY_INLINE typename Rows::Element LargestOfRow(const Rows& rows) {
  using Element = typename Rows::Element;
  constexpr size_t kChains = 4;  // comparisons that do not wait for one another
  const Element least(-kInfinity);
  Element largest[kChains] = {least, least, least, least};
  const size_t steps = rows.Steps();
  size_t i = 0;
  if constexpr (std::is_same_v<Element, Double>) i = rows.LargestOfFloats(largest[0]);
  for (; i + kChains <= steps; i += kChains) {
    for (size_t k = 0; k < kChains; ++k) largest[k] = Maximum(rows.X(i + k), largest[k]);
  }
  for (; i < steps; ++i) largest[0] = Maximum(rows.X(i), largest[0]);
  return rows.Largest(Maximum(Maximum(largest[0], largest[1]), Maximum(largest[2], largest[3])));
}

// The index of the first element of each row that equals `largest`; -1 where that is -infinity.
template <class Rows>
HWY_INLINE Double FirstOfLargest(const Rows& rows, typename Rows::Element largest) {
  Double first = -1.0;
  if constexpr (Rows::kAlong) {
    if (hn::GetLane(High(largest).v) == -kInfinity) return first;
    for (size_t i = 0; i < rows.Steps(); ++i) {
      const intptr_t lane = hn::FindFirstTrue(F64(), Equal(rows.X(i), largest).m);
      if (lane >= 0) return static_cast<double>(i * kLanes + static_cast<size_t>(lane));
    }
  } else {
    for (size_t i = rows.Steps(); i-- > 0;) {
      first = Select(Equal(rows.X(i), largest), static_cast<double>(i), first);
    }
    first = Select(High(largest) == -kInfinity, -1.0, first);
  }
  return first;
}

// The upstream of that element; 0 where there is none.
template <class Rows>
HWY_INLINE Double UpstreamAtLargest(const Rows& rows, typename Rows::Element largest) {
  if constexpr (Rows::kAlong) {
    const Double first = FirstOfLargest(rows, largest);
    return SelectOrZero(first >= 0.0, rows.UpstreamAt(first));
  } else {
    Double g = 0.0;
    for (size_t i = rows.Steps(); i-- > 0;) {
      g = Select(Equal(rows.X(i), largest), rows.Upstream(i), g);
    }
    return SelectOrZero(High(largest) > -kInfinity, g);
  }
}

// NaN for each row that has one, else 0.
template <class Rows>
HWY_INLINE Double NaNOfRow(const Rows& rows) {
  Double found = 0.0;
  for (size_t i = 0; i < rows.Steps(); ++i) {
    const Double x = High(rows.X(i));
    found = Select(IsNaN(x), x, found);
  }
  return rows.SpreadNaN(found);
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_LOOPS_ROW_SEARCH_INL_H_
