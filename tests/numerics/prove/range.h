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

Range Sum(const Range& a, const Range& b);
Range Product(const Range& a, const Range& b);
Range Negative(const Range& a);
Range LogisticOf(const Range& a);
Range SoftplusOf(const Range& a);

// What is thrown where a branch or a bound is undecided.
struct Undecided {};

// The nodes of an expression for x in [low, high]. Both arguments must outlive the object.
class RangeEvaluator {
 public:
  RangeEvaluator(const Expression& expression, absl::Span<const double> arguments, double low,
                 double high)
      : expression_(expression),
        arguments_(arguments),
        x_{Exact(low), Exact(high)},
        values_(expression.size()) {}

  // Throws Undecided, both.
  const Range& Value(size_t node);
  bool Condition(const Node& node);

 private:
  Range Compute(const Node& node);
  Range Choose(const Node& node);

  const Expression& expression_;
  absl::Span<const double> arguments_;
  Range x_;
  std::vector<std::optional<Range>> values_;
};

// Bounds of `expression` for x in [low, high]; nullopt where a branch or a bound is undecided.
std::optional<Range> RangeOf(const Expression& expression, absl::Span<const double> arguments,
                             double low, double high);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_RANGE_H_
