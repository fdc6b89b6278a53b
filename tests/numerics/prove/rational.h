// An expression at a point where it is a fraction: then it is known exactly, ties included, which
// no precision of a ball tells of x (x + 3)/6.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_RATIONAL_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_RATIONAL_H_

#include <optional>

#include "absl/types/span.h"
#include "tests/numerics/prove/expression.h"

namespace rectifier::prove {

// `number` must be finite.
Rational RationalOf(double number);

// nullopt where a function that is no fraction of its operands is needed, or there is no result.
// `arguments`: by parameter.
std::optional<Rational> RationalAt(const Expression& expression, absl::Span<const double> arguments,
                                   double x);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_RATIONAL_H_
