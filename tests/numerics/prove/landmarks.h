// Where a quantity is hardest: next to its roots and kinks.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_LANDMARKS_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_LANDMARKS_H_

#include <vector>

#include "absl/types/span.h"
#include "tests/numerics/prove/expression.h"

namespace rectifier::prove {

// The largest double before each change of sign, and before each change of branch, of the
// expression between `steps` + 1 points over [-50, 50], ascending. 0 is among them.
std::vector<double> Landmarks(const Expression& expression, absl::Span<const double> arguments,
                              int steps = 1600);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_LANDMARKS_H_
