// The exact result at one input.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_POINT_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_POINT_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "core/element_type.h"
#include "tests/numerics/prove/evaluate.h"
#include "tests/numerics/prove/expression.h"

namespace rectifier::prove {

// A result as far as it was decided.
struct PointResult {
  bool defined = true;
  Exact middle;           // within 2^-bits of the result, relatively; or both are below 2^-1200
  bool infinite = false;  // at x = +-infinity: the limit is infinite, of this sign
  bool decided = true;    // false: no working precision was enough
  int sign = 0;           // of the result, where a zero of a result must have it; 0: of no matter
};

// A result rounded to nearest, ties to even.
struct RoundedResult {
  PointResult exact;
  double low = 0;  // the two candidates; the same number where one is proven
  double high = 0;

  // Whether `result` is the rounded one, sign included where it matters.
  bool Is(double result) const;
};

// Threads: one object each.
class PointOracle {
 public:
  // `expression` must outlive the object. `arguments`: by parameter.
  PointOracle(const Expression* expression, absl::Span<const double> arguments)
      : evaluator_(expression, arguments),
        expression_(expression),
        arguments_(arguments.begin(), arguments.end()) {}

  // The result with `bits` good bits. At an infinite x it is the limit; at x = -0 a result of zero
  // has the sign that the function has just left of zero, if it is not at a kink.
  PointResult At(double x, slong bits = 80);

  // What the formula's conditions said in the last call; see Evaluator.
  const std::string& decisions() const { return evaluator_.decisions(); }

  // The nearest number of `type`. Ties are broken by as many bits as it takes, up to 2^14; exact
  // ones, of fractions, go to even.
  RoundedResult RoundedAt(double x, ElementType type);

 private:
  PointResult AtBall(const arb_t x, slong bits);
  PointResult AtInfinity(double x, slong bits);
  int SignAt(double x, const arb_t result);
  int SignByRange(double x) const;
  // True, with middle and sign, where the result is a fraction of binary digits.
  bool ExactlyAt(double x, PointResult* result) const;

  Evaluator evaluator_;
  const Expression* expression_;
  std::vector<double> arguments_;
};

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_POINT_H_
