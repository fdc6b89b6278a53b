// References: exact results of a quantity over many inputs at once, each proven.
//
// A Line is `count` equally spaced inputs, a power of two. On it the quantity is a Taylor
// polynomial with double coefficients and a proven bound of all that it neglects: Lagrange's
// remainder, the rounding of the coefficients, and that of Horner's rule. Where no such bound is
// small enough the line is halved; a handful of inputs is evaluated one by one.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_REFERENCE_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_REFERENCE_H_

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "core/element_type.h"
#include "tests/numerics/prove/evaluate.h"
#include "tests/numerics/prove/expression.h"
#include "tests/numerics/prove/point.h"

namespace rectifier::prove {

// The inputs first, first + step, ..., all exact doubles within one binade, `count` of them.
struct Line {
  double first = 0;
  double step = 0;   // negative where the inputs fall
  size_t count = 0;  // a power of two

  double at(size_t i) const { return first + step * static_cast<double>(i); }
  Line Half(size_t which) const { return {which == 0 ? first : at(count / 2), step, count / 2}; }
};

inline constexpr size_t kMaxTerms = 16;
// Lines as short as this are evaluated one by one.
inline constexpr size_t kShortLine = 4;

// What is known of the exact results on a part of a line that was planned.
struct Reference {
  size_t begin = 0;  // of the part, in inputs from the start of the line
  size_t count = 0;

  // sum of coefficients[k] t^k with t = 2 (i - count/2) / count for input begin + i; with no terms
  // the results stand in `points`. NaN is undefined.
  size_t terms = 0;
  std::array<double, kMaxTerms> coefficients = {};
  std::array<double, kShortLine> points = {};

  // |reference - exact| is at most this, evaluated with or without fused multiply-adds.
  double error = 0;
  // A reference that is larger in magnitude has the sign of the exact result: a result that
  // underflows to zero must have it too.
  double sign_from = 0;
};

// The largest error of a reference that is accepted, in ULP of the exact result.
inline constexpr double kTolerance = 0x1p-18;

// Finds references for one quantity in float32. Threads: one object each.
class Planner {
 public:
  // `expression` must outlive the object. `arguments`: by parameter.
  Planner(const Expression* expression, absl::Span<const double> arguments);

  // References that cover `line`, in order, appended to `references`.
  void Plan(const Line& line, std::vector<Reference>* references) { PlanFrom(line, 0, references); }

  // The same for a part for which `reference` turned out too rough: halves at least once.
  void Refine(const Line& line, const Reference& reference, std::vector<Reference>* references);

  // Evaluations in Arb so far.
  size_t evaluations() const { return evaluations_; }

 private:
  void PlanFrom(const Line& line, size_t begin, std::vector<Reference>* references);
  void PlanHalves(const Line& line, size_t begin, std::vector<Reference>* references);
  std::optional<Reference> Constant(const Line& line);
  std::optional<int> CommonSign(const Line& line);
  std::optional<Reference> Polynomial(const Line& line);
  Reference Points(const Line& line);

  const Expression* expression_;
  std::vector<double> arguments_;
  Evaluator evaluator_;
  PointOracle oracle_;
  size_t evaluations_ = 0;
};

// The reference at input `i` of its part.
double ReferenceAt(const Reference& reference, size_t i);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_REFERENCE_H_
