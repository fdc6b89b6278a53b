// ln(1 + y) of a number of either kind. Accuracy: bounds.h. A NaN gives an unspecified result (the
// loops put it back).

#if defined(RECTIFIER_CORE_FUNCTIONS_LOGARITHM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_FUNCTIONS_LOGARITHM_INL_H_
#undef RECTIFIER_CORE_FUNCTIONS_LOGARITHM_INL_H_
#else
#define RECTIFIER_CORE_FUNCTIONS_LOGARITHM_INL_H_
#endif

#include "core/functions/coefficients.h"
#include "core/functions/tables-inl.h"
#include "core/numbers/double_double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

inline constexpr Constant kThird = {0x1.5555555555555p-2, 0x1.5555555555555p-56};

// The piece of [0, 1] that y lies in: see kLogTable.
HWY_INLINE hn::Vec<U64> LogPiece(Double y) {
  return IntegerBits(Fma(y, 15.99, -0.5) + kIntegerShift);
}

// ln(1 + y) for y in [0, 1].
HWY_INLINE Double LogOnePlus(Double y) {
  const auto piece = LogPiece(y);
  const Double inverse_less_1 = Lookup(coefficients::kLogTable[0], piece);
  const Double f = Fma(y, inverse_less_1, y) + inverse_less_1;
  const Double near_1 = Fma(f * f, Polynomial(f, coefficients::kLog1pRest), f);
  return near_1 + Lookup(coefficients::kLogTable[1], piece);
}
HWY_INLINE DoubleDouble LogOnePlus(DoubleDouble y) {
  const auto piece = LogPiece(y.hi);
  const Double inverse_less_1 = Lookup(coefficients::kLogTable[0], piece);
  const DoubleDouble f = (y + y * inverse_less_1) + inverse_less_1;
  // f - f^2/2 + f^3/3 + ..., of which doubles carry the terms from the fourth on.
  const DoubleDouble cubic =
      Exactly<DoubleDouble>(kThird) + f * Polynomial(f.hi, coefficients::kLog1pQuartic);
  const DoubleDouble near_1 = f + (f * f) * (f * cubic - 0.5);
  return near_1 + DoubleDouble(Lookup(coefficients::kLogTable[1], piece),
                               Lookup(coefficients::kLogTable[2], piece));
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_FUNCTIONS_LOGARITHM_INL_H_
