// Vectors of which only the first lanes are in memory: what is beyond is neither read nor written.

#if defined(RECTIFIER_CORE_NUMBERS_PARTIAL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_NUMBERS_PARTIAL_INL_H_
#undef RECTIFIER_CORE_NUMBERS_PARTIAL_INL_H_
#else
#define RECTIFIER_CORE_NUMBERS_PARTIAL_INL_H_
#endif

#include <cstddef>
#include <cstring>
#include <type_traits>

#include "core/numbers/element-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// Whether a masked load or store of T is one instruction that leaves the other lanes' memory alone.
template <class T>
inline constexpr bool kMasksMemory = (std::is_same_v<T, float> || std::is_same_v<T, double>)&&(
    HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL);

// The first `count` < kLanes elements at `from`; `past_end` in the other lanes.
template <class T>
HWY_INLINE Double LoadSome(const void* from, size_t count, double past_end) {
  Double loaded;
  if constexpr (kMasksMemory<T>) {
    using D = hn::Rebind<T, F64>;
    const auto lanes = hn::MaskedLoad(hn::FirstN(D(), count), D(), static_cast<const T*>(from));
    if constexpr (std::is_same_v<T, double>) {
      loaded = lanes;
    } else {
      loaded = hn::PromoteTo(F64(), lanes);
    }
  } else {
    char bytes[kLanes * sizeof(T)] = {};
    for (size_t i = 0; i < count; ++i) {
      std::memcpy(bytes + i * sizeof(T), static_cast<const char*>(from) + i * sizeof(T), sizeof(T));
    }
    loaded = LoadElements<T>(bytes);
  }
  return hn::IfThenElse(hn::FirstN(F64(), count), loaded.v, hn::Set(F64(), past_end));
}

// Rounds and stores the first `count` < kLanes lanes, as StoreElements does.
template <class T>
HWY_INLINE void StoreSome(Double result, size_t count, void* to) {
  if constexpr (kMasksMemory<T>) {
    const Double a = Select(IsNaN(result), kQuietNaN, result);
    using D = hn::Rebind<T, F64>;
    const auto mask = hn::FirstN(D(), count);
    if constexpr (std::is_same_v<T, double>) {
      hn::BlendedStore(a.v, mask, D(), static_cast<T*>(to));
    } else {
      hn::BlendedStore(RoundToFloat(a), mask, D(), static_cast<T*>(to));
    }
  } else {
    char bytes[kLanes * sizeof(T)];
    StoreElements<T>(result, bytes);
    for (size_t i = 0; i < count; ++i) {
      std::memcpy(static_cast<char*>(to) + i * sizeof(T), bytes + i * sizeof(T), sizeof(T));
    }
  }
}

// As StoreElements, for a result without a NaN.
template <class T>
HWY_INLINE void StoreNumbers(Double result, void* to) {
  if constexpr (std::is_same_v<T, double>) {
    StoreLanes(F64(), result.v, to);
  } else if constexpr (std::is_same_v<T, float>) {
    StoreLanes(F32(), RoundToFloat(result), to);
  } else {
    StoreElements<T>(result, to);
  }
}

// One element in every lane.
template <class T>
HWY_INLINE Double LoadOne(const void* from) {
  char bytes[kLanes * sizeof(T)];
  for (size_t i = 0; i < kLanes; ++i) std::memcpy(bytes + i * sizeof(T), from, sizeof(T));
  return LoadElements<T>(bytes);
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_NUMBERS_PARTIAL_INL_H_
