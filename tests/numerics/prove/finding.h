// What a sweep finds out about one quantity, and how parts of it add up.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_FINDING_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_FINDING_H_

#include <cstdint>

namespace rectifier::prove {

struct Finding {
  double worst_ulp = 0;
  uint64_t worst_bits = 0;  // of the input where it is; of several, that which comes first
  uint64_t inputs = 0;
  uint64_t correct = 0;    // results that are correctly rounded
  uint64_t undecided = 0;  // inputs at which the oracle has no result, or none could be proven

  void Meet(double ulp, uint64_t bits) {
    if (ulp > worst_ulp || (ulp == worst_ulp && ulp > 0 && bits < worst_bits)) {
      worst_ulp = ulp;
      worst_bits = bits;
    }
  }

  void Add(const Finding& other) {
    Meet(other.worst_ulp, other.worst_bits);
    inputs += other.inputs;
    correct += other.correct;
    undecided += other.undecided;
  }
};

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_FINDING_H_
