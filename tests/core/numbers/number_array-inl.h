// Arrays of numbers in and out of the number types of core/numbers, on the CPU target that Highway
// compiles for.

#if defined(RECTIFIER_TESTS_CORE_NUMBERS_NUMBER_ARRAY_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_TESTS_CORE_NUMBERS_NUMBER_ARRAY_INL_H_
#undef RECTIFIER_TESTS_CORE_NUMBERS_NUMBER_ARRAY_INL_H_
#else
#define RECTIFIER_TESTS_CORE_NUMBERS_NUMBER_ARRAY_INL_H_
#endif

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include "core/numbers/double_double-inl.h"
#include "core/numbers/float_float-inl.h"
#include "core/numbers/normalized_double_double-inl.h"
#include "tests/core/numbers/number_array.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

template <class N>
inline constexpr bool kIsOfFloats = std::is_same_v<N, Float> || std::is_same_v<N, FloatFloat>;

template <class N>
inline constexpr size_t kNumbers = kIsOfFloats<N> ? kFloatLanes : kLanes;

inline Float LoadFloats(const double* from) {
  HWY_ALIGN float lanes[kFloatLanes];
  for (size_t i = 0; i < kFloatLanes; ++i) lanes[i] = static_cast<float>(from[i]);
  return hn::Load(Floats(), lanes);
}
inline void StoreFloats(Float a, double* to) {
  HWY_ALIGN float lanes[kFloatLanes];
  hn::Store(a.v, Floats(), lanes);
  std::copy_n(lanes, kFloatLanes, to);
}

// A vector of numbers, from number i on; types of one part take the first.
template <class N>
N LoadNumbers(const NumberArray& from, size_t i) {
  if constexpr (std::is_same_v<N, Double>) {
    return Load(&from.hi[i]);
  } else if constexpr (std::is_same_v<N, Float>) {
    return LoadFloats(&from.hi[i]);
  } else if constexpr (std::is_same_v<N, FloatFloat>) {
    return {LoadFloats(&from.hi[i]), LoadFloats(&from.lo[i])};
  } else {
    return {Load(&from.hi[i]), Load(&from.lo[i])};
  }
}

template <class N>
void StoreNumbers(N a, NumberArray& to, size_t i) {
  if constexpr (std::is_same_v<N, Double>) {
    Store(a, &to.hi[i]);
  } else if constexpr (std::is_same_v<N, Float>) {
    StoreFloats(a, &to.hi[i]);
  } else if constexpr (std::is_same_v<N, FloatFloat>) {
    StoreFloats(a.hi, &to.hi[i]);
    StoreFloats(a.lo, &to.lo[i]);
  } else {
    Store(a.hi, &to.hi[i]);
    Store(a.lo, &to.lo[i]);
  }
}

// result[i] = operation(a[i]), for whole vectors of type A; and of two operands.
template <class A, class Operation>
void MapNumbers(const NumberArray& a, NumberArray& result, Operation operation) {
  for (size_t i = 0; i < a.size(); i += kNumbers<A>) {
    StoreNumbers(operation(LoadNumbers<A>(a, i)), result, i);
  }
}
template <class A, class Operation>
void MapNumbers(const NumberArray& a, const NumberArray& b, NumberArray& result,
                Operation operation) {
  for (size_t i = 0; i < a.size(); i += kNumbers<A>) {
    StoreNumbers(operation(LoadNumbers<A>(a, i), LoadNumbers<A>(b, i)), result, i);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_TESTS_CORE_NUMBERS_NUMBER_ARRAY_INL_H_
