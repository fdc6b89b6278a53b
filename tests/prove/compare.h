// Results against references: the loop that meets each of 2^32 inputs.
#ifndef RECTIFIER_TESTS_PROVE_COMPARE_H_
#define RECTIFIER_TESTS_PROVE_COMPARE_H_

#include <cstddef>
#include <cstdint>
#include <limits>

#include "tests/prove/reference.h"

namespace rectifier::prove {

// Errors count in ULP of the exact result, at least the spacing of subnormal numbers. Infinity
// counts as the number that follows the largest. The error of a NaN, and of a zero that lost the
// sign of what underflowed, is infinite.
struct Tally {
  double worst = 0;                                        // in ULP
  uint64_t correct = 0;                                    // results within half a ULP
  double least = std::numeric_limits<double>::infinity();  // of the references' magnitudes
};

// float32 results[i] for the inputs begin + i of the reference's part.
Tally Compare(const Reference& reference, size_t begin, const float* results, size_t count);

// The errors of the same one by one.
void Errors(const Reference& reference, size_t begin, const float* results, size_t count,
            double* errors);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_PROVE_COMPARE_H_
