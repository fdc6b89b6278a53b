// An expression as a power series around a point, or around every point of an interval.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_EVALUATE_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_EVALUATE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "tests/numerics/prove/expression.h"
#include "tests/numerics/prove/series.h"

namespace rectifier::prove {

enum class Outcome {
  kDone,
  kUndecided,  // the balls are too wide to tell a branch, or to bound the result
  kUndefined,  // the formula has no value here
};

// Threads: one object each.
class Evaluator {
 public:
  // The two must outlive the object. `arguments`: by parameter.
  Evaluator(const Expression* expression, absl::Span<const double> arguments);

  // The coefficients of f(x0 + scale t), for every x0 in `x0`: as many as working.length says, or
  // fewer where the rest are zero. So x0 = [c - h, c + h] encloses, in coefficient n, the factor
  // f^(n)(xi) scale^n / n! of Lagrange's remainder.
  Outcome Evaluate(const arb_t x0, double scale, Working working);

  // The result of the last call.
  const Series& result() const { return *values_.back(); }

  // What the conditions of the last call said, one character each: between two inputs of which it
  // differs there is a kink.
  const std::string& decisions() const { return decisions_; }

 private:
  struct Stop {
    Outcome outcome;
  };

  const Series& Value(size_t node);
  Series Compute(const Node& node);
  Series Choose(const Node& node);
  bool Condition(size_t node);
  int SignOf(const Node& node);
  Series RaiseTo(const Node& node);

  const Expression* expression_;
  std::vector<double> arguments_;
  std::vector<std::optional<Series>> values_;  // by node, as far as they are needed
  Series x_;
  Working working_;
  std::string decisions_;
};

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_EVALUATE_H_
