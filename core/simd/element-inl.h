// Elements of every type in and out of double lanes: widened exactly, rounded once, to nearest
// even, when stored. Pointers need not be aligned. The same code serves every CPU target.

#if defined(RECTIFIER_CORE_SIMD_ELEMENT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_SIMD_ELEMENT_INL_H_
#undef RECTIFIER_CORE_SIMD_ELEMENT_INL_H_
#else
#define RECTIFIER_CORE_SIMD_ELEMENT_INL_H_
#endif

#include <cstring>
#include <limits>

#include "core/element_type.h"
#include "core/simd/real-inl.h"

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

template <class D>
HWY_INLINE hn::Vec<D> LoadLanes(D d, const void* from) {
  hn::TFromD<D> lanes[hn::MaxLanes(d)];
  std::memcpy(lanes, from, sizeof(lanes));  // the compiler makes this one unaligned load
  return hn::LoadU(d, lanes);
}

// How results are stored: through the caches, or past them, for addresses that allow it.
enum class Storing { kCached, kStreamed };

template <Storing kStoring = Storing::kCached, class D>
HWY_INLINE void StoreLanes(D d, hn::Vec<D> v, void* to) {
  if constexpr (kStoring == Storing::kStreamed) {
    return hn::Stream(v, d, static_cast<hn::TFromD<D>*>(to));
  }
  hn::TFromD<D> lanes[hn::MaxLanes(d)];
  hn::StoreU(v, d, lanes);
  std::memcpy(to, lanes, sizeof(lanes));
}

HWY_INLINE VU32 Bits(uint32_t bits) { return hn::Set(U32(), bits); }
HWY_INLINE VU32 AsBits(VF32 v) { return hn::BitCast(U32(), v); }
HWY_INLINE VF32 AsFloat(VU32 v) { return hn::BitCast(F32(), v); }
HWY_INLINE VU32 SelectBits(hn::Mask<F32> condition, VU32 yes, VU32 no) {
  return hn::IfThenElse(hn::RebindMask(U32(), condition), yes, no);
}

// Bits 15..30 of a half widened to a float whose exponent is off by 112.
HWY_INLINE VF32 FromFloat16(VU32 half) {
  const VU32 magnitude = hn::ShiftLeft<13>(hn::And(half, Bits(0x7fff)));
  const VU32 finite = AsBits(hn::Mul(AsFloat(magnitude), hn::Set(F32(), 0x1p112f)));
  const VU32 special = hn::Or(magnitude, Bits(0x7f800000));  // infinity and NaN
  const auto is_special =
      hn::Gt(hn::BitCast(I32(), magnitude), hn::Set(I32(), (int32_t{0x7c00} << 13) - 1));
  const VU32 sign = hn::ShiftLeft<16>(hn::And(half, Bits(0x8000)));
  return AsFloat(hn::Or(sign, hn::IfThenElse(hn::RebindMask(U32(), is_special), special, finite)));
}

// `bits` with the lower half rounded off, to nearest even.
template <int kDropped>
HWY_INLINE VU32 RoundBits(VU32 bits) {
  const VU32 odd = hn::And(hn::ShiftRight<kDropped>(bits), Bits(1));
  const VU32 below_half = Bits((1u << (kDropped - 1)) - 1);
  return hn::ShiftRight<kDropped>(hn::Add(bits, hn::Add(odd, below_half)));
}

HWY_INLINE VU32 ToFloat16(VF32 v) {
  const VF32 a = hn::Abs(v);
  const VU32 normal = RoundBits<13>(hn::Sub(AsBits(a), Bits(112u << 23)));
  // Below 2^-14 the grid is that of the floats in [1/2, 1): let the addition round.
  const VU32 subnormal = hn::Sub(AsBits(hn::Add(a, hn::Set(F32(), 0.5f))), Bits(0x3f000000));
  VU32 half = SelectBits(hn::Lt(a, hn::Set(F32(), 0x1p-14f)), subnormal, normal);
  half = SelectBits(hn::Ge(a, hn::Set(F32(), 65520.0f)), Bits(0x7c00), half);
  half = hn::Or(half, hn::And(hn::ShiftRight<16>(AsBits(v)), Bits(0x8000)));
  return SelectBits(hn::IsNaN(v), Bits(0x7e00), half);
}

HWY_INLINE VU32 ToBFloat16(VF32 v) {
  return SelectBits(hn::IsNaN(v), Bits(0x7fc0), RoundBits<16>(AsBits(v)));
}

HWY_INLINE VF32 RoundToFloat(Real a) {
#if HWY_TARGET == HWY_SCALAR
  return VF32(static_cast<float>(hn::GetLane(a.v)));  // Highway's own would clamp infinity
#else
  return hn::DemoteTo(F32(), a.v);
#endif
}

// Cuts `a` to 16 significant bits and marks the last one if anything was lost ("round to odd"), so
// that rounding the result again, to 14 bits or fewer, gives what rounding `a` once would. Two
// bits to spare below every half and bfloat16, and exact as a float, subnormals included.
HWY_INLINE VF32 RoundToOddFloat(Real a) {
  const auto low = hn::Set(U64(), (uint64_t{1} << 37) - 1);
  const auto bits = hn::BitCast(U64(), a.v);
  const auto exact = hn::Eq(hn::And(bits, low), hn::Zero(U64()));
  const auto sticky = hn::IfThenZeroElse(exact, hn::Set(U64(), uint64_t{1} << 37));
  return RoundToFloat(hn::BitCast(F64(), hn::Or(hn::AndNot(low, bits), sticky)));
}

template <Storing kStoring>
HWY_INLINE void StoreHalves(VU32 halves, void* to) {
  StoreLanes<kStoring>(U16(), hn::DemoteTo(U16(), hn::BitCast(I32(), halves)), to);
}

HWY_INLINE VU32 LoadHalves(const void* from) {
  return hn::PromoteTo(U32(), LoadLanes(U16(), from));
}

// kLanes elements of type T at `from`, `to`.
template <class T>
HWY_INLINE Real LoadElements(const void* from) {
  if constexpr (std::is_same_v<T, double>) {
    return LoadLanes(F64(), from);
  } else if constexpr (std::is_same_v<T, float>) {
    return hn::PromoteTo(F64(), LoadLanes(F32(), from));
  } else if constexpr (std::is_same_v<T, Float16>) {
    return hn::PromoteTo(F64(), FromFloat16(LoadHalves(from)));
  } else {
    return hn::PromoteTo(F64(), AsFloat(hn::ShiftLeft<16>(LoadHalves(from))));
  }
}

// Every NaN is stored as the same one, positive and quiet: processors differ in the sign of those
// that they make.
template <class T, Storing kStoring = Storing::kCached>
HWY_INLINE void StoreElements(Real result, void* to) {
  if constexpr (std::is_same_v<T, double>) {
    StoreLanes<kStoring>(F64(), Select(IsNaN(result), kQuietNaN, result).v, to);
  } else if constexpr (std::is_same_v<T, float>) {
    const VF32 rounded = RoundToFloat(result);
    const VF32 nan = hn::Set(F32(), std::numeric_limits<float>::quiet_NaN());
    StoreLanes<kStoring>(F32(), hn::IfThenElse(hn::IsNaN(rounded), nan, rounded), to);
  } else if constexpr (std::is_same_v<T, Float16>) {
    StoreHalves<kStoring>(ToFloat16(RoundToOddFloat(result)), to);
  } else {
    StoreHalves<kStoring>(ToBFloat16(RoundToOddFloat(result)), to);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_SIMD_ELEMENT_INL_H_
