// Where f(x) is a line, but for a rest that decays: -1 - x + e^x far left, x - tanh(x) far right.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_ASYMPTOTE_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_ASYMPTOTE_H_

#include <optional>

#include "absl/types/span.h"
#include "tests/numerics/prove/expression.h"
#include "tests/numerics/prove/range.h"

namespace rectifier::prove {

// f(x) = slope * x + constant + rest. The line is exact, so that `rest` keeps its sign however
// small it is beside the line.
struct Asymptote {
  Rational slope;
  Rational constant;
  Range rest;
};

// The asymptote of `expression` for x in [low, high]; nullopt where a branch or a bound is
// undecided. What is no sum, product or saturating function of lines is rest as a whole.
std::optional<Asymptote> AsymptoteOf(const Expression& expression,
                                     absl::Span<const double> arguments, double low, double high);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_ASYMPTOTE_H_
