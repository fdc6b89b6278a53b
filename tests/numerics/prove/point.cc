#include "tests/numerics/prove/point.h"

#include <cmath>
#include <limits>

#include "tests/numerics/prove/format.h"
#include "tests/numerics/prove/range.h"
#include "tests/numerics/prove/rational.h"

namespace rectifier::prove {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr slong kFirstPrecision = 96;
constexpr slong kLastPrecision = slong{1} << 14;
// What is certainly smaller rounds to zero in every element type.
constexpr slong kUnderflow = -1200;
// Limits at infinity are read off at these powers of two, as tests/numerics/oracle/exact.py does.
constexpr slong kFar[] = {1200, 1204, 1210, 1211, 1220, 1243, 1262, 1277, 1300, 1333, 1350, 1400};
constexpr slong kSmall = -400;
constexpr slong kLimitBits = 138;
// What tells the error of a result to a few decimals.
constexpr slong kFewBits = 40;
// One-sided limits at zero are taken here.

bool IsBelow(const arb_t ball, slong exponent) {
  Ball bound;
  arb_one(bound.get());
  arb_mul_2exp_si(bound.get(), bound.get(), exponent);
  Ball magnitude;
  arb_abs(magnitude.get(), ball);
  return arb_lt(magnitude.get(), bound.get()) != 0;
}

int SignOf(const arb_t ball) { return arb_is_positive(ball) ? 1 : arb_is_negative(ball) ? -1 : 0; }

bool IsSettled(const arb_t ball, slong bits) {
  return arb_is_exact(ball) || arb_rel_accuracy_bits(ball) >= bits || IsBelow(ball, kUnderflow);
}

}  // namespace

PointResult PointOracle::At(double x, slong bits) {
  if (std::isinf(x)) return AtInfinity(x, bits);
  PointResult result = AtBall(Ball(x).get(), bits);
  if (result.defined && result.decided) {
    result.sign = SignAt(x, evaluator_.result()[0]);
  }
  return result;
}

PointResult PointOracle::AtBall(const arb_t x, slong bits) {
  PointResult result;
  for (slong precision = kFirstPrecision; precision <= kLastPrecision; precision *= 2) {
    switch (evaluator_.Evaluate(x, 0, {.length = 1, .precision = precision})) {
      case Outcome::kUndefined:
        result.defined = false;
        return result;
      case Outcome::kUndecided:
        continue;
      case Outcome::kDone:
        break;
    }
    const arb_srcptr ball = evaluator_.result()[0];
    if (!IsSettled(ball, bits)) continue;
    arf_set(result.middle.get(), arb_midref(ball));
    result.sign = SignOf(ball);
    return result;
  }
  result.decided = false;
  return result;
}

// Points far out tell a limit: all tiny, all huge, or all equal. Anything else has none.
PointResult PointOracle::AtInfinity(double x, slong bits) {
  bool all_small = true;
  bool all_large = true;
  int sign = 0;
  PointResult last;
  Exact least;
  Exact greatest;
  for (slong power : kFar) {
    Ball outpost(x > 0 ? 1 : -1);
    arb_mul_2exp_si(outpost.get(), outpost.get(), power);
    last = AtBall(outpost.get(), std::max(bits, kLimitBits + 20));
    if (!last.defined || !last.decided) return last;
    const bool is_first = power == kFar[0];
    if (is_first) sign = last.sign;
    if (is_first || arf_cmp(last.middle.get(), least.get()) < 0) least = last.middle;
    if (is_first || arf_cmp(last.middle.get(), greatest.get()) > 0) greatest = last.middle;
    all_small = all_small && arf_cmpabs_2exp_si(last.middle.get(), kSmall) < 0;
    all_large = all_large && arf_cmpabs_2exp_si(last.middle.get(), -kSmall) > 0 &&
                arf_sgn(last.middle.get()) == sign;
  }
  last.sign = sign;
  if (all_small) {
    if (sign == 0) last.sign = SignByRange(std::copysign(std::numeric_limits<double>::max(), x));
    arf_zero(last.middle.get());
    return last;
  }
  last.infinite = all_large;
  if (all_large) return last;
  Exact spread;
  arf_sub(spread.get(), greatest.get(), least.get(), 64, ARF_RND_UP);
  arf_mul_2exp_si(spread.get(), spread.get(), kLimitBits);
  last.defined = arf_cmpabs(spread.get(), greatest.get()) <= 0;
  return last;
}

int PointOracle::SignAt(double x, const arb_t result) {
  if (const int sign = SignOf(result); sign != 0) return sign;
  // An exact zero may have either sign here: Specs say which, and the golden data hold them to it.
  return arb_is_zero(result) ? 0 : SignByRange(x);
}

int PointOracle::SignByRange(double x) const {
  const std::optional<Range> range = RangeOf(*expression_, arguments_, x, x);
  if (!range.has_value()) return 0;
  const int low = arf_sgn(range->low.get());
  const int high = arf_sgn(range->high.get());
  if (low >= 0 && high > 0) return 1;
  return low < 0 && high <= 0 ? -1 : 0;
}

RoundedResult PointOracle::RoundedAt(double x, ElementType type) {
  RoundedResult result;
  if (std::isinf(x)) {
    result.exact = At(x);
    result.low = result.exact.infinite ? result.exact.sign * kInfinity
                                       : RoundTo(type, result.exact.middle.get());
    result.high = result.low;
    return result;
  }
  for (slong precision = kFirstPrecision; precision <= kLastPrecision; precision *= 2) {
    const Outcome outcome =
        evaluator_.Evaluate(Ball(x).get(), 0, {.length = 1, .precision = precision});
    result.exact.defined = outcome != Outcome::kUndefined;
    if (!result.exact.defined) return result;
    if (outcome == Outcome::kUndecided) continue;
    Ball ball;
    arb_set(ball.get(), evaluator_.result()[0]);
    Exact low;
    Exact high;
    arb_get_lbound_arf(low.get(), ball.get(), precision + MAG_BITS);
    arb_get_ubound_arf(high.get(), ball.get(), precision + MAG_BITS);
    result.low = RoundTo(type, low.get());
    result.high = RoundTo(type, high.get());
    arf_set(result.exact.middle.get(), arb_midref(ball.get()));
    if (result.low == result.high && IsSettled(ball.get(), kFewBits)) {
      result.exact.sign = result.low == 0 ? SignAt(x, ball.get()) : arf_sgn(low.get());
      return result;
    }
    if (precision == kFirstPrecision && ExactlyAt(x, &result.exact)) {
      result.low = result.high = RoundTo(type, result.exact.middle.get());
      return result;
    }
  }
  result.exact.decided = false;
  return result;
}

// A tie is a fraction whose denominator is a power of two; of others balls tell enough.
bool PointOracle::ExactlyAt(double x, PointResult* result) const {
  const std::optional<Rational> fraction = RationalAt(*expression_, arguments_, x);
  if (!fraction.has_value()) return false;
  const fmpz* const denominator = fmpq_denref(fraction->get());
  const auto power = static_cast<slong>(fmpz_val2(denominator));
  if (fmpz_bits(denominator) != static_cast<flint_bitcnt_t>(power) + 1) return false;
  arf_set_fmpz(result->middle.get(), fmpq_numref(fraction->get()));
  arf_mul_2exp_si(result->middle.get(), result->middle.get(), -power);
  result->sign = arf_sgn(result->middle.get());
  return true;
}

bool RoundedResult::Is(double result) const {
  if (result != low && result != high) return false;
  return result != 0 || exact.sign == 0 || std::signbit(result) == (exact.sign < 0);
}

}  // namespace rectifier::prove
