// Results against references: the loop that meets each of 2^32 inputs.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_COMPARE_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_COMPARE_H_

#include <cstddef>
#include <cstdint>
#include <limits>

#include "tests/numerics/prove/reference.h"

namespace rectifier::prove {

// Errors count in ULP of the exact result, at least the spacing of subnormal numbers. Infinity
// counts as the number that follows the largest. The error of a NaN, and of a zero that lost the
// sign of what underflowed, is infinite.
struct Tally {
  double worst = 0;                                        // in ULP
  uint64_t correct = 0;                                    // results well within half a ULP
  uint64_t close = 0;                                      // see IsClose: undecided
  double least = std::numeric_limits<double>::infinity();  // of the references' magnitudes
};

// The error of references, and what computing with doubles adds to it.
inline constexpr double kClose = kTolerance + 0x1p-24;

// Whether the result with this error may lie on either side of a tie, or on it.
inline bool IsClose(double error) { return error >= 0.5 - kClose && error <= 0.5 + kClose; }

// float32 results[i] for the inputs begin + i of the reference's part.
Tally Compare(const Reference& reference, size_t begin, const float* results, size_t count);

// The errors of the same one by one.
void Errors(const Reference& reference, size_t begin, const float* results, size_t count,
            double* errors);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_COMPARE_H_
