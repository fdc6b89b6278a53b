// Comparisons in formulas, under the oracle's rule for kinks.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_ORDER_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_ORDER_H_

#include <optional>

#include "tests/numerics/prove/ball.h"
#include "tests/numerics/prove/expression.h"

namespace rectifier::prove {

// The sign of a - b for every number of the two balls; nullopt where they do not decide it. Numbers
// that round to one double that is not zero are equal: a kink such as (1 - beta)/alpha need not be
// a double, and is met at the double nearest to it (tests/numerics/oracle/ball.py has the same
// rule).
std::optional<int> Order(const arb_t a, const arb_t b);

// Whether numbers in this order satisfy kLess ... kNotEqual.
bool Holds(Operation relation, int order);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_ORDER_H_
