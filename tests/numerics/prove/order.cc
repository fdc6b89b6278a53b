#include "tests/numerics/prove/order.h"

#include <cmath>

namespace rectifier::prove {
namespace {

// The doubles nearest to the two ends of a ball.
struct Ends {
  double low;
  double high;
};

Ends NearestDoubles(const arb_t x) {
  if (arb_is_exact(x)) {
    const double only = arf_get_d(arb_midref(x), ARF_RND_NEAR);
    return {only, only};
  }
  Exact low;
  Exact high;
  arb_get_interval_arf(low.get(), high.get(), x, arf_bits(arb_midref(x)) + 2 * MAG_BITS);
  return {arf_get_d(low.get(), ARF_RND_NEAR), arf_get_d(high.get(), ARF_RND_NEAR)};
}

// The sign of an infinity, such as a bound that is absent; 0 for everything else.
int InfinityOf(const arb_t x) {
  return arb_is_exact(x) && arf_is_inf(arb_midref(x)) ? arf_sgn(arb_midref(x)) : 0;
}

}  // namespace

std::optional<int> Order(const arb_t a, const arb_t b) {
  const int infinite_a = InfinityOf(a), infinite_b = InfinityOf(b);
  if (infinite_a != 0 && infinite_b != 0) return (infinite_a - infinite_b) / 2;
  if (arb_is_finite(a) && infinite_b != 0) return -infinite_b;
  if (arb_is_finite(b) && infinite_a != 0) return infinite_a;
  if (!arb_is_finite(a) || !arb_is_finite(b)) return std::nullopt;
  const Ends left = NearestDoubles(a);
  const Ends right = NearestDoubles(b);
  if (left.high < right.low) return -1;
  if (left.low > right.high) return 1;
  const bool one = left.low == left.high && right.low == right.high && left.low == right.low;
  if (one && left.low != 0 && std::isfinite(left.low)) return 0;
  if (!one) return std::nullopt;
  Ball difference;
  arb_sub(difference.get(), a, b, ARF_PREC_EXACT);
  if (arb_is_zero(difference.get())) return 0;
  if (arb_is_positive(difference.get())) return 1;
  if (arb_is_negative(difference.get())) return -1;
  return std::nullopt;
}

bool Holds(Operation relation, int order) {
  switch (relation) {
    case Operation::kLess:
      return order < 0;
    case Operation::kLessOrEqual:
      return order <= 0;
    case Operation::kGreater:
      return order > 0;
    case Operation::kGreaterOrEqual:
      return order >= 0;
    case Operation::kEqual:
      return order == 0;
    default:
      return order != 0;
  }
}

}  // namespace rectifier::prove
