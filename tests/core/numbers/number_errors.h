// How far numbers are off, against Arb.
#ifndef RECTIFIER_TESTS_CORE_NUMBERS_NUMBER_ERRORS_H_
#define RECTIFIER_TESTS_CORE_NUMBERS_NUMBER_ERRORS_H_

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "arb.h"
#include "tests/core/numbers/number_array.h"
#include "tests/numerics/prove/ball.h"

namespace rectifier {

// With so many bits sums and products of doubles are exact.
inline constexpr slong kExactBits = 4400;

inline prove::Ball Plus(const prove::Ball& a, const prove::Ball& b) {
  prove::Ball sum;
  arb_add(sum.get(), a.get(), b.get(), kExactBits);
  return sum;
}

// |hi + lo - exact| / |size|; what is off by anything from a `size` of 0 is infinitely wrong.
inline double ErrorOf(const prove::Ball& exact, const prove::Ball& size, double hi, double lo) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (!std::isfinite(hi) || !std::isfinite(lo)) return kInfinity;
  prove::Ball error;
  arb_sub(error.get(), exact.get(), prove::Ball(hi).get(), kExactBits);
  arb_sub(error.get(), error.get(), prove::Ball(lo).get(), kExactBits);
  if (arb_is_zero(error.get())) return 0;
  arb_div(error.get(), error.get(), size.get(), 64);
  if (!arb_is_finite(error.get())) return kInfinity;
  return std::abs(arf_get_d(arb_midref(error.get()), ARF_RND_NEAR));
}

struct WorstError {
  double error = 0;
  size_t index = 0;
};

// The worst of all, relative to `sizes`.
inline WorstError WorstErrorOf(const NumberArray& numbers, const std::vector<prove::Ball>& exact,
                               const std::vector<prove::Ball>& sizes) {
  WorstError worst;
  for (size_t i = 0; i < numbers.size(); ++i) {
    const double error = ErrorOf(exact[i], sizes[i], numbers.hi[i], numbers.lo[i]);
    if (error > worst.error) worst = {error, i};
  }
  return worst;
}

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_CORE_NUMBERS_NUMBER_ERRORS_H_
