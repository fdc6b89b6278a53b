// `prove sample`: what the prover does, on a small and fixed part of the inputs, as a test.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_SAMPLE_COMMAND_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_SAMPLE_COMMAND_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace rectifier::prove {

struct SampleOptions {
  std::vector<std::string> activations;  // all elementwise ones where empty
  double effort = 1;                     // how many inputs, relatively
};

// Goes over the catalogue, at the default arguments and at others, in every element type. Prints
// each result that is not within its bound, and gives whether there was none. Float64 results in a
// hard spot that the Spec states are left out.
absl::StatusOr<bool> RunSample(const SampleOptions& options);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_SAMPLE_COMMAND_H_
