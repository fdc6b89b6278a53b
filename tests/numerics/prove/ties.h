// Results that lie next to a tie: halfway between two numbers of float32, which references good to
// kTolerance cannot tell from it. Each is decided, however close.
//
// Single ones are evaluated with as much precision as it takes. Where they are many, as for tiny x
// with f(x) = -3 x + 15/2 x^3 - ..., the leading terms alone are exact doubles, and the sign of the
// rest, the same all along a piece of the line, decides every tie of the piece.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_TIES_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_TIES_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "tests/numerics/prove/evaluate.h"
#include "tests/numerics/prove/expression.h"
#include "tests/numerics/prove/point.h"
#include "tests/numerics/prove/reference.h"

namespace rectifier::prove {

// For every input x of a piece, divisor * f(x) = slope * x + constant + rest, where the rest is at
// most `rest` in magnitude and has the sign `sign`, or is zero where that is 0.
struct LeadingTerms {
  double divisor = 1;
  double slope = 0;
  double constant = 0;
  double rest = 0;
  int sign = 0;
};

enum class Judgement { kRight, kWrong, kUndecided };

// Whether the float32 `result` is the number nearest to f(x), ties to even; nullopt where the terms
// do not tell. `reference` is f(x) to a quarter of a ULP.
std::optional<bool> IsNearest(const LeadingTerms& terms, double x, double reference, float result);

// Threads: one object each.
class TieBreaker {
 public:
  // `expression` must outlive the object. `arguments`: by parameter.
  TieBreaker(const Expression* expression, absl::Span<const double> arguments);

  // Forgets what is known of the line before.
  void Start(const Line& line);

  // Whether `result` is the correctly rounded one for input `i` of the line. `many` says that there
  // are more like it next to it.
  Judgement Judge(size_t i, double reference, float result, bool many);

  // The terms of all x of `piece`, where the rest is too small for references to see, and of one
  // sign.
  std::optional<LeadingTerms> LeadingTermsOf(const Line& piece);

 private:
  const std::optional<LeadingTerms>& TermsAt(size_t i);
  std::optional<LeadingTerms> TermsBySeries(const Line& piece);
  std::optional<LeadingTerms> TermsByAsymptote(const Line& piece) const;

  const Expression* expression_;
  std::vector<double> arguments_;
  Evaluator evaluator_;
  PointOracle oracle_;
  Line line_;
  // The piece of the line that was met last.
  size_t begin_ = 0;
  size_t end_ = 0;
  std::optional<LeadingTerms> terms_;
  size_t undecided_ = 0;  // inputs of the line that no precision decided
};

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_TIES_H_
