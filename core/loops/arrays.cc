#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/loops/arrays.cc"
#include "hwy/foreach_target.h"

#include <cmath>
#include <type_traits>

#include "core/functions/philox.h"
#include "core/functions/row_exponential-inl.h"
#include "core/loops/arrays.h"
#include "core/numbers/compensated_sum-inl.h"
#include "core/numbers/partial-inl.h"
#include "core/numbers/rounding-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// Elements i .. i + kLanes of `count`; 0 in the lanes beyond them.
template <class T>
HWY_INLINE Double ReadVector(const void* array, size_t i, size_t count) {
  const char* const from = static_cast<const char*>(array) + i * sizeof(T);
  return i + kLanes <= count ? LoadElements<T>(from) : LoadSome<T>(from, count - i, 0);
}

template <class T>
HWY_INLINE void WriteVector(Double values, void* array, size_t i, size_t count) {
  char* const to = static_cast<char*>(array) + i * sizeof(T);
  if (i + kLanes <= count) return StoreElements<T>(values, to);
  StoreSome<T>(values, count - i, to);
}

// A null `low` stands for zeros.
HWY_INLINE Sum ReadSums(const double* high, const double* low, size_t i, size_t count) {
  return {ReadVector<double>(high, i, count),
          low == nullptr ? Double(0.0) : ReadVector<double>(low, i, count)};
}

CompensatedSum SumTerms(const double* high, const double* low, size_t count) {
  LaneSums sums;
  for (size_t i = 0; i < count; i += kLanes) sums.Add(i, ReadSums(high, low, i, count));
  return sums.Total();
}

void AddTerms(const double* high, const double* low, double* sums_high, double* sums_low,
              size_t count) {
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const Sum sum = TwoSum(Load(sums_high + i), Load(high + i));
    Store(sum.hi, sums_high + i);
    Store(Load(sums_low + i) + (sum.lo + Load(low + i)), sums_low + i);
  }
  for (; i < count; ++i) {
    CompensatedSum sum{sums_high[i], sums_low[i]};
    sum.Add(high[i], low[i]);
    sums_high[i] = sum.hi;
    sums_low[i] = sum.lo;
  }
}

template <class T>
void LoadArray(const void* from, double* to, size_t count) {
  for (size_t i = 0; i < count; i += kLanes) {
    WriteVector<double>(ReadVector<T>(from, i, count), to, i, count);
  }
}

// Masks are checked to hold zeros and ones.
void LoadBools(const void* from, double* to, size_t count) {
  const auto* const bytes = static_cast<const uint8_t*>(from);
  for (size_t i = 0; i < count; ++i) to[i] = bytes[i];
}

template <class T>
void StoreArray(const double* high, const double* low, void* to, size_t count) {
  for (size_t i = 0; i < count; i += kLanes) {
    const Sum sums = ReadSums(high, low, i, count);
    const DoubleDouble sum(sums.hi, sums.lo);
    WriteVector<T>(std::is_same_v<T, double> ? Rounded(sum) : RoundedToOdd(sum), to, i, count);
  }
}

// -ln(-ln(u)) for u in (0, 1).
NormalizedDoubleDouble Gumbel(Double u) {
  const NormalizedDoubleDouble one(1.0);
  const NormalizedDoubleDouble e =
      RowLog1p(Difference<NormalizedDoubleDouble>(1.0, u) / NormalizedDoubleDouble(u));
  const Mask small = e.hi < 1.0;
  const NormalizedDoubleDouble log = RowLog1p(Select(small, (one - e) / e, e - one));
  return Select(small, log, -log);
}

// Of the middle of that one of the 2^52 parts of (0, 1) that the draw is in.
void DrawGumbel(uint64_t seed, uint64_t first, double* high, double* low, size_t count) {
  for (size_t i = 0; i < count; i += kLanes) {
    double uniform[kLanes];
    for (size_t k = 0; k < kLanes; ++k) {
      uniform[k] = (std::floor(Uniform(seed, first + i + k) * 0x1p52) + 0.5) * 0x1p-52;
    }
    const NormalizedDoubleDouble noise = Gumbel(Load(uniform));
    WriteVector<double>(noise.hi, high, i, count);
    WriteVector<double>(noise.lo, low, i, count);
  }
}

ArrayKernels ArrayTable() {
  return {&SumTerms,
          &AddTerms,
          &DrawGumbel,
          {&LoadArray<double>, &LoadArray<float>, &LoadArray<Float16>, &LoadArray<BFloat16>,
           &LoadBools},
          {&StoreArray<double>, &StoreArray<float>, &StoreArray<Float16>, &StoreArray<BFloat16>}};
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {
HWY_EXPORT(ArrayTable);
ArrayKernels Arrays() { return HWY_DYNAMIC_DISPATCH(ArrayTable)(); }
}  // namespace rectifier
#endif
