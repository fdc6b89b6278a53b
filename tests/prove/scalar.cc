#include "tests/prove/scalar.h"

#include "tests/prove/ball.h"

namespace rectifier::prove {
namespace {

// Above this relative accuracy the derivative that Arb uses to carry a radius is as good.
constexpr slong kNarrowBits = 24;

// exp(-|x|) and whether x may be negative, positive.
void DecayingExp(arb_t result, const arb_t x, slong precision) {
  Ball magnitude;
  arb_abs(magnitude.get(), x);
  arb_neg(magnitude.get(), magnitude.get());
  arb_exp(result, magnitude.get(), precision);
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

void ScalarSoftplus(arb_t result, const arb_t x, slong precision) {
  Ball rest;
  DecayingExp(rest.get(), x, precision);
  arb_log1p(rest.get(), rest.get(), precision);
  if (arb_is_nonnegative(x)) {
    arb_add(result, rest.get(), x, precision);
  } else if (arb_is_nonpositive(x)) {
    arb_set(result, rest.get());
  } else {
    arb_exp(rest.get(), x, precision);
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
    arb_exp(decaying.get(), decaying.get(), precision);
  }
  arb_add_ui(denominator.get(), decaying.get(), 1, precision);
  if (arb_is_negative(x)) {
    arb_div(result, decaying.get(), denominator.get(), precision);
  } else {
    arb_inv(result, denominator.get(), precision);
  }
}

}  // namespace rectifier::prove
