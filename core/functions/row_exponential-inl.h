// Exponentials of numbers that are not positive, as rows shifted by their maximum need them.
// Accuracy: bounds.h.

#if defined(RECTIFIER_CORE_FUNCTIONS_ROW_EXPONENTIAL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_FUNCTIONS_ROW_EXPONENTIAL_INL_H_
#undef RECTIFIER_CORE_FUNCTIONS_ROW_EXPONENTIAL_INL_H_
#else
#define RECTIFIER_CORE_FUNCTIONS_ROW_EXPONENTIAL_INL_H_
#endif

#include <cstddef>
#include <iterator>

#include "core/functions/coefficients.h"
#include "core/functions/full_precision-inl.h"
#include "core/numbers/normalized_double_double-inl.h"
#include "core/numbers/row_sums-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// Entry n % 16 of kPowerTable for each n, given in the low bits.
HWY_INLINE hn::Vec<U64> LookUpPower(hn::Vec<U64> n) {
  const uint64_t* const table = coefficients::kPowerTable;
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  const __m512i low = _mm512_loadu_si512(table), high = _mm512_loadu_si512(table + 8);
  return hn::Vec<U64>{_mm512_permutex2var_epi64(low, n.raw, high)};
#else
  const auto index = hn::And(n, hn::Set(U64(), 15));
  return hn::GatherIndex(U64(), table, hn::BitCast(hn::RebindToSigned<U64>(), index));
#endif
}

// As far as the exponentials below reach.
inline constexpr double kLargestExponent = 708;

// e^t for t <= 0: 1 at 0, NaN at a NaN that was widened from a narrower type. Below -708 it stays
// as small as it is there, 3e-308, which is nothing beside a 1 and in every narrower type.
HWY_INLINE Double RowExp(Double t) {
  // t = n ln(2)/16 + r, and e^t = 2^(n/16) + 2^(n/16) (e^r - 1).
  constexpr double k16ByLn2 = 0x1.71547652b82fep+4, kLn2By16 = 0x1.62e42fefa39efp-5;
  const Double bounded = Maximum(-kLargestExponent, t);
  const Double shifted = Fma(bounded, k16ByLn2, kIntegerShift);
  const Double r = Fma(shifted - kIntegerShift, -kLn2By16, bounded);
  const double(&c)[4] = coefficients::kExpRest;
  const Double square = r * r;
  const Double rest = Fma(square, Fma(r, c[3], c[2]), Fma(r, c[1], c[0]));
  const Double expm1 = Fma(square, rest, r);
  const auto n = hn::BitCast(U64(), shifted.v);
  const Double power = hn::BitCast(F64(), hn::Add(LookUpPower(n), hn::ShiftLeft<48>(n)));
  return Fma(power, expm1, power);
}

// The same, but 0 at -infinity: what has no part in a row leaves no trace in its sums, not even in
// the sign of a zero.
HWY_INLINE Double RowWeight(Double t) {
  return hn::IfThenZeroElse((t == -kInfinity).m, RowExp(t).v);
}

// The same with more digits than a double has, unless the result underflows, which it does,
// gradually, to 0. NaN at a NaN.
HWY_INLINE NormalizedDoubleDouble RowExp(NormalizedDoubleDouble t) {
  const Double n = Round(Larger(t.hi, -1400.0) * kLog2E);
  const Sum r = TwoSum(Fma(n, -kLn2High, t.hi), Fma(n, -kLn2Low, t.lo));
  // e^r = 1 + r + r^2/2 + r^3 Q(r), the last below 2^-6.
  const Double square = r.hi * r.hi;
  const Double square_low = Fma(r.hi, r.hi, -square);
  Double cubic = coefficients::kExpm1Rest[std::size(coefficients::kExpm1Rest) - 1];
  for (size_t i = std::size(coefficients::kExpm1Rest) - 1; i-- > 1;) {
    cubic = Fma(cubic, r.hi, coefficients::kExpm1Rest[i]);
  }
  const Double low = Fma(square_low, 0.5, Fma(r.lo, r.hi, r.lo));
  const Sum line = TwoSum(1.0, r.hi);
  const Sum parabola = TwoSum(line.hi, square * 0.5);
  const Double rest = Fma(square * r.hi, cubic, line.lo + (parabola.lo + low));
  const Mask negligible = t.hi < -1000.0;
  const NormalizedDoubleDouble m = Renormalized(parabola.hi, rest);
  const Double exponent = Select(negligible, -1000.0, n);
  return {hn::IfThenZeroElse(negligible.m, Ldexp(m.hi, exponent).v),
          hn::IfThenZeroElse(negligible.m, Ldexp(m.lo, exponent).v)};
}

HWY_INLINE NormalizedDoubleDouble RowWeight(NormalizedDoubleDouble t) { return RowExp(t); }

// ln(1 + y) for y >= 0; NaN at a NaN.
HWY_INLINE Double RowLog1p(Double y) { return Select(IsNaN(y), y, Log1p(y)); }

// The same with more digits than a double has.
HWY_INLINE NormalizedDoubleDouble RowLog1p(NormalizedDoubleDouble y) {
  // Far from 0: what the exponential of a first estimate says is missing from it.
  const Double estimate = RowLog1p(y.hi);
  const NormalizedDoubleDouble rest =
      (y + NormalizedDoubleDouble(1.0)) * RowExp(NormalizedDoubleDouble(-estimate)) -
      NormalizedDoubleDouble(1.0);
  // Near 0: y - y^2/2 + y^3/3 - ...
  constexpr double kSmall = 0x1p-5;
  constexpr double kSeries[] = {-1.0 / 2, 1.0 / 3, -1.0 / 4,  1.0 / 5,  -1.0 / 6, 1.0 / 7,
                                -1.0 / 8, 1.0 / 9, -1.0 / 10, 1.0 / 11, -1.0 / 12};
  const NormalizedDoubleDouble near =
      y + NormalizedDoubleDouble(y.hi * y.hi * Polynomial(y.hi, kSeries));
  return Select(y.hi < kSmall, near, Renormalized(estimate, rest.hi));
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_FUNCTIONS_ROW_EXPONENTIAL_INL_H_
