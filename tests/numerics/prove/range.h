// The values of an expression over an interval, by interval arithmetic on end points.
//
// Balls lose the sign of a set that reaches from 1e-300 to 1; end points keep it. That is what
// proves plateaus: where a result underflows, overflows or has reached its limit, over binades.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_RANGE_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_RANGE_H_

#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "tests/numerics/prove/ball.h"
#include "tests/numerics/prove/expression.h"

namespace rectifier::prove {

// All numbers from low to high.
struct Range {
  Exact low;
  Exact high;
};

// Bounds of `expression` for x in [low, high]; nullopt where a branch or a bound is undecided.
std::optional<Range> RangeOf(const Expression& expression, absl::Span<const double> arguments,
                             double low, double high);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_RANGE_H_
