#include "tests/numerics/prove/scalar.h"

#include "tests/numerics/prove/ball.h"

namespace rectifier::prove {
namespace {

// Above this relative accuracy the derivative that Arb uses to carry a radius is as good.
constexpr slong kNarrowBits = 24;
// Exponentials of larger numbers than 2^this would have exponents too long to compute with.
constexpr slong kHugeExponent = 1500;

// exp(-|x|)
void DecayingExp(arb_t result, const arb_t x, slong precision) {
  Ball magnitude;
  arb_abs(magnitude.get(), x);
  arb_neg(magnitude.get(), magnitude.get());
  ScalarExp(result, magnitude.get(), precision);
}

}  // namespace

void Monotonic(ScalarFunction function, arb_t result, const arb_t x, slong precision) {
  if (arb_is_exact(x) || !arb_is_finite(x) || arb_rel_accuracy_bits(x) > kNarrowBits) {
    function(result, x, precision);
    return;
  }
  Exact low;
  Exact high;
  arb_get_interval_arf(low.get(), high.get(), x, precision);
  Ball end;
  Ball at_low;
  Ball at_high;
  arb_set_arf(end.get(), low.get());
  function(at_low.get(), end.get(), precision);
  arb_set_arf(end.get(), high.get());
  function(at_high.get(), end.get(), precision);
  arb_union(result, at_low.get(), at_high.get(), precision);
}

void ScalarExp(arb_t result, const arb_t x, slong precision) {
  if (arf_cmpabs_2exp_si(arb_midref(x), kHugeExponent) < 0) {
    arb_exp(result, x, precision);
  } else if (arf_sgn(arb_midref(x)) < 0 && arb_is_negative(x)) {
    // exp(x) < 2^x: exponents of that size still fit, and so does their product with exp(1e308).
    fmpz_t exponent;
    fmpz_init(exponent);
    fmpz_set_si(exponent, -1);
    fmpz_mul_2exp(exponent, exponent, kHugeExponent - 1);
    arf_zero(arb_midref(result));
    mag_one(arb_radref(result));
    mag_mul_2exp_fmpz(arb_radref(result), arb_radref(result), exponent);
    fmpz_clear(exponent);
  } else {
    arb_indeterminate(result);
  }
}

void ScalarTanh(arb_t result, const arb_t x, slong precision) {
  if (arf_cmpabs_2exp_si(arb_midref(x), kHugeExponent) < 0 || arb_contains_zero(x)) {
    arb_tanh(result, x, precision);
    return;
  }
  // 1 - |tanh(x)| < 2 exp(-2 |x|)
  const int sign = arf_sgn(arb_midref(x));
  Ball rest;
  DecayingExp(rest.get(), x, precision);
  arb_set_si(result, sign);
  arb_add_error(result, rest.get());
}

void ScalarSoftplus(arb_t result, const arb_t x, slong precision) {
  Ball rest;
  DecayingExp(rest.get(), x, precision);
  arb_log1p(rest.get(), rest.get(), precision);
  if (arb_is_nonnegative(x)) {
    arb_add(result, rest.get(), x, precision);
  } else if (arb_is_nonpositive(x)) {
    arb_set(result, rest.get());
  } else {
    ScalarExp(rest.get(), x, precision);
    arb_log1p(result, rest.get(), precision);
  }
}

void ScalarLogistic(arb_t result, const arb_t x, slong precision) {
  Ball decaying;
  Ball denominator;
  if (arb_is_nonnegative(x) || arb_is_nonpositive(x)) {
    DecayingExp(decaying.get(), x, precision);
  } else {
    arb_neg(decaying.get(), x);
    ScalarExp(decaying.get(), decaying.get(), precision);
  }
  arb_add_ui(denominator.get(), decaying.get(), 1, precision);
  if (arb_is_negative(x)) {
    arb_div(result, decaying.get(), denominator.get(), precision);
  } else {
    arb_inv(result, denominator.get(), precision);
  }
}

}  // namespace rectifier::prove
