// Elements of every type in and out of double lanes: widened exactly, rounded once, to nearest
// even, when stored. Pointers need not be aligned. The same code serves every CPU target.

#if defined(RECTIFIER_CORE_NUMBERS_ELEMENT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_NUMBERS_ELEMENT_INL_H_
#undef RECTIFIER_CORE_NUMBERS_ELEMENT_INL_H_
#else
#define RECTIFIER_CORE_NUMBERS_ELEMENT_INL_H_
#endif

#include <cstring>
#include <limits>
#include <type_traits>

#include "core/element_type.h"
#include "core/numbers/double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// As many narrower lanes as there are doubles in a vector.
using F32 = hn::Rebind<float, F64>;
using U32 = hn::Rebind<uint32_t, F64>;
using I32 = hn::Rebind<int32_t, F64>;
using U16 = hn::Rebind<uint16_t, F64>;
inline constexpr double kQuietNaN = std::numeric_limits<double>::quiet_NaN();

using VF32 = hn::Vec<F32>;
using VU32 = hn::Vec<U32>;
using VU16 = hn::Vec<U16>;

// At any address. Not by way of an array that is copied: compilers copy 32 bytes as two halves,
// which the load of the whole then waits for.
template <class D>
HWY_INLINE hn::Vec<D> LoadLanes(D d, const void* from) {
#if HWY_TARGET == HWY_SCALAR  // whose LoadU needs an aligned address
  hn::TFromD<D> lane;
  std::memcpy(&lane, from, sizeof(lane));
  return hn::Set(d, lane);
#else
  return hn::LoadU(d, static_cast<const hn::TFromD<D>*>(from));
#endif
}

// How results are stored: through the caches, or past them, for addresses that allow it.
enum class Storing { kCached, kBypassingCache };

template <Storing kStoring = Storing::kCached, class D>
HWY_INLINE void StoreLanes(D d, hn::Vec<D> v, void* to) {
  // Processors stream 16 bytes or more.
  constexpr bool kIsWide = hn::MaxLanes(D()) * sizeof(hn::TFromD<D>) >= 16;
  if constexpr (kStoring == Storing::kBypassingCache && kIsWide) {
    return hn::Stream(v, d, static_cast<hn::TFromD<D>*>(to));
  }
#if HWY_TARGET == HWY_SCALAR
  const hn::TFromD<D> lane = hn::GetLane(v);
  std::memcpy(to, &lane, sizeof(lane));
#else
  hn::StoreU(v, d, static_cast<hn::TFromD<D>*>(to));
#endif
}

HWY_INLINE VU32 Bits(uint32_t bits) { return hn::Set(U32(), bits); }
HWY_INLINE VU32 AsBits(VF32 v) { return hn::BitCast(U32(), v); }
HWY_INLINE VF32 AsFloat(VU32 v) { return hn::BitCast(F32(), v); }
HWY_INLINE VU32 SelectBits(hn::Mask<F32> condition, VU32 yes, VU32 no) {
  return hn::IfThenElse(hn::RebindMask(U32(), condition), yes, no);
}

// `bits` with the lower half rounded off, to nearest even.
template <int kDropped>
HWY_INLINE VU32 RoundBits(VU32 bits) {
  const VU32 odd = hn::And(hn::ShiftRight<kDropped>(bits), Bits(1));
  const VU32 below_half = Bits((1u << (kDropped - 1)) - 1);
  return hn::ShiftRight<kDropped>(hn::Add(bits, hn::Add(odd, below_half)));
}

// Numbers below 2^16.
HWY_INLINE VU16 LowerHalves(VU32 bits) { return hn::DemoteTo(U16(), hn::BitCast(I32(), bits)); }

#if HWY_TARGET <= HWY_AVX2 && !defined(HWY_DISABLE_F16C)
using F16 = hn::Rebind<hwy::float16_t, F64>;
HWY_INLINE VF32 FromFloat16(VU16 half) { return hn::PromoteTo(F32(), hn::BitCast(F16(), half)); }
HWY_INLINE VU16 ToFloat16(VF32 v) { return hn::BitCast(U16(), hn::DemoteTo(F16(), v)); }
#else
// Bits 15..30 of a half widened to a float whose exponent is off by 112.
HWY_INLINE VF32 FromFloat16(VU16 narrow) {
  const VU32 half = hn::PromoteTo(U32(), narrow);
  const VU32 magnitude = hn::ShiftLeft<13>(hn::And(half, Bits(0x7fff)));
  const VU32 finite = AsBits(hn::Mul(AsFloat(magnitude), hn::Set(F32(), 0x1p112f)));
  const VU32 special = hn::Or(magnitude, Bits(0x7f800000));  // infinity and NaN
  const auto is_special =
      hn::Gt(hn::BitCast(I32(), magnitude), hn::Set(I32(), (int32_t{0x7c00} << 13) - 1));
  const VU32 sign = hn::ShiftLeft<16>(hn::And(half, Bits(0x8000)));
  return AsFloat(hn::Or(sign, hn::IfThenElse(hn::RebindMask(U32(), is_special), special, finite)));
}

HWY_INLINE VU16 ToFloat16(VF32 v) {
  const VF32 a = hn::Abs(v);
  const VU32 normal = RoundBits<13>(hn::Sub(AsBits(a), Bits(112u << 23)));
  // Below 2^-14 the grid is that of the floats in [1/2, 1): let the addition round.
  const VU32 subnormal = hn::Sub(AsBits(hn::Add(a, hn::Set(F32(), 0.5f))), Bits(0x3f000000));
  VU32 half = SelectBits(hn::Lt(a, hn::Set(F32(), 0x1p-14f)), subnormal, normal);
  half = SelectBits(hn::Ge(a, hn::Set(F32(), 65520.0f)), Bits(0x7c00), half);
  half = hn::Or(half, hn::And(hn::ShiftRight<16>(AsBits(v)), Bits(0x8000)));
  return LowerHalves(SelectBits(hn::IsNaN(v), Bits(0x7e00), half));
}
#endif

HWY_INLINE VF32 FromBFloat16(VU16 narrow) {
  return AsFloat(hn::ShiftLeft<16>(hn::PromoteTo(U32(), narrow)));
}
// A NaN has to be quiet, without further bits.
HWY_INLINE VU16 ToBFloat16(VF32 v) { return LowerHalves(RoundBits<16>(AsBits(v))); }

HWY_INLINE VF32 RoundToFloat(Double a) {
#if HWY_TARGET == HWY_SCALAR
  return VF32(static_cast<float>(hn::GetLane(a.v)));  // Highway's own would clamp infinity
#else
  return hn::DemoteTo(F32(), a.v);
#endif
}

// Cuts `a` to 16 significant bits and marks the last one if anything was lost ("round to odd"), so
// that rounding the result again, to 14 bits or fewer, gives what rounding `a` once would. Two
// bits to spare below every half and bfloat16, and exact as a float, subnormals included.
HWY_INLINE VF32 RoundToOddFloat(Double a) {
  const auto low = hn::Set(U64(), (uint64_t{1} << 37) - 1);
  const auto bits = hn::BitCast(U64(), a.v);
  const auto exact = hn::Eq(hn::And(bits, low), hn::Zero(U64()));
  const auto sticky = hn::IfThenZeroElse(exact, hn::Set(U64(), uint64_t{1} << 37));
  return RoundToFloat(hn::BitCast(F64(), hn::Or(hn::AndNot(low, bits), sticky)));
}

template <class T>
inline constexpr bool kIsHalf = std::is_same_v<T, Float16> || std::is_same_v<T, BFloat16>;

// A float rounded to a 16-bit T; but where it is halfway between two of those, or a step away from
// that, to either: it may itself have been rounded before.
template <class T>
struct RoundedHalf;

template <>
struct RoundedHalf<Float16> {
  using Lanes = U16;
  VU16 half;
  hn::Mask<Lanes> halfway;

  // Float16 has subnormal numbers, and an end, within the range of floats: rounding from either
  // side needs to know of neither. The products move every number but 0 and infinity.
  HWY_INLINE explicit RoundedHalf(VF32 v) {
    half = ToFloat16(hn::Mul(v, hn::Set(F32(), 1 - 0x1p-22f)));
    halfway = hn::Ne(half, ToFloat16(hn::Mul(v, hn::Set(F32(), 1 + 0x1p-22f))));
  }
};

template <>
struct RoundedHalf<BFloat16> {
  using Lanes = U32;
  VU16 half;
  hn::Mask<Lanes> halfway;

  HWY_INLINE explicit RoundedHalf(VF32 v) {
    const VU32 moved = hn::Add(AsBits(v), Bits(0x8000));
    half = LowerHalves(hn::ShiftRight<16>(moved));
    halfway = hn::Eq(hn::And(moved, Bits(0xffff)), hn::Zero(U32()));
  }
};

template <class T>
HWY_INLINE VU16 ToHalf(VF32 v) {
  return std::is_same_v<T, Float16> ? ToFloat16(v) : ToBFloat16(v);
}

// What elements of T are widened to before they are doubles.
template <class T>
using Wide = std::conditional_t<std::is_same_v<T, double>, hn::Vec<F64>, VF32>;

// kLanes elements of type T at `from`.
template <class T>
HWY_INLINE Wide<T> LoadWide(const void* from) {
  if constexpr (std::is_same_v<T, double>) {
    return LoadLanes(F64(), from);
  } else if constexpr (std::is_same_v<T, float>) {
    return LoadLanes(F32(), from);
  } else if constexpr (std::is_same_v<T, Float16>) {
    return FromFloat16(LoadLanes(U16(), from));
  } else {
    return FromBFloat16(LoadLanes(U16(), from));
  }
}
HWY_INLINE Double Widened(hn::Vec<F64> v) { return v; }
HWY_INLINE Double Widened(VF32 v) { return hn::PromoteTo(F64(), v); }
template <class T>
HWY_INLINE Double LoadElements(const void* from) {
  return Widened(LoadWide<T>(from));
}

// Where `a` or `b` is a NaN.
template <class V>
HWY_INLINE auto EitherIsNaN(V a, V b) {
#if HWY_TARGET <= HWY_AVX3
  using D = hn::DFromV<V>;
  if constexpr (std::is_same_v<D, F32>) {
    return hn::Mask<D>{_mm256_cmp_ps_mask(a.raw, b.raw, _CMP_UNORD_Q)};
  } else if constexpr (sizeof(V) == 64) {
    return hn::Mask<D>{_mm512_cmp_pd_mask(a.raw, b.raw, _CMP_UNORD_Q)};
  }
#endif
  return hn::Or(hn::IsNaN(a), hn::IsNaN(b));
}

// Every NaN is stored as the same one, positive and quiet: processors differ in the sign of those
// that they make.
template <class V>
HWY_INLINE V SelectNaN(hn::Mask<hn::DFromV<V>> condition, V v) {
  using D = hn::DFromV<V>;
  const V nan = hn::Set(D(), std::numeric_limits<hn::TFromD<D>>::quiet_NaN());
  return hn::IfThenElse(condition, nan, v);
}

// `result` as wide as elements of T are loaded.
template <class T>
HWY_INLINE Wide<T> Narrowed(Double result) {
  if constexpr (std::is_same_v<T, double>) {
    return result.v;
  } else {
    return RoundToFloat(result);
  }
}

// kLanes elements of type T to `to`; a NaN also where `given` is one.
template <class T>
HWY_INLINE void StoreElements(Double result, Wide<T> given, void* to) {
  const Wide<T> rounded = Narrowed<T>(result);
  const auto nan = EitherIsNaN(given, rounded);
  if constexpr (kIsHalf<T>) {
    const RoundedHalf<T> half(SelectNaN(nan, rounded));
    VU16 stored = half.half;
    if (HWY_UNLIKELY(!hn::AllFalse(typename RoundedHalf<T>::Lanes(), half.halfway))) {
      stored = ToHalf<T>(SelectNaN(nan, RoundToOddFloat(result)));
    }
    StoreLanes(U16(), stored, to);
  } else {
    StoreLanes(hn::DFromV<Wide<T>>(), SelectNaN(nan, rounded), to);
  }
}
template <class T>
HWY_INLINE void StoreElements(Double result, void* to) {
  StoreElements<T>(result, Narrowed<T>(result), to);
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_NUMBERS_ELEMENT_INL_H_
