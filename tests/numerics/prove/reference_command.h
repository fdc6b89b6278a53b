// `prove reference`: exact results and ours at given inputs, for comparing with other libraries.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_REFERENCE_COMMAND_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_REFERENCE_COMMAND_H_

#include <string>

#include "absl/status/status.h"

namespace rectifier::prove {

struct ReferenceOptions {
  std::string activation;
  std::string quantity = "value";  // or gradient, second_derivative, d/PARAMETER
  std::string arguments;           // "beta=0.5,..."; the rest by default
  std::string input;               // .npy, float32
  std::string exact;               // .npy, float64: to the nearest double; none where empty
  std::string ours;                // .npy, float32; none where empty
};

// Uses every CPU. Where the quantity is undefined the exact result is NaN.
absl::Status WriteReference(const ReferenceOptions& options);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_REFERENCE_COMMAND_H_
