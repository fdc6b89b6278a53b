// Tables of 16 doubles, looked up lane by lane.

#if defined(RECTIFIER_CORE_FUNCTIONS_TABLES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_FUNCTIONS_TABLES_INL_H_
#undef RECTIFIER_CORE_FUNCTIONS_TABLES_INL_H_
#else
#define RECTIFIER_CORE_FUNCTIONS_TABLES_INL_H_
#endif

#include "core/numbers/double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

using I64 = hn::RebindToSigned<F64>;

// The integers that are lanes' low bits after kIntegerShift has been added: see double-inl.h.
HWY_INLINE hn::Vec<U64> IntegerBits(Double shifted) { return hn::BitCast(U64(), shifted.v); }

// table[index % 16] for the index in the low bits of each lane.
HWY_INLINE Double Lookup(const double (&table)[16], hn::Vec<U64> index) {
#if HWY_TARGET <= HWY_AVX3
  // Two registers hold the table; the instruction ignores all but four bits of an index.
  return hn::Vec<F64>{
      _mm512_permutex2var_pd(_mm512_load_pd(table), index.raw, _mm512_load_pd(table + 8))};
#else
  const auto masked = hn::And(index, hn::Set(U64(), 15));
  return hn::GatherIndex(F64(), table, hn::BitCast(I64(), masked));
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_FUNCTIONS_TABLES_INL_H_
