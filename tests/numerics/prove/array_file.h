// One-dimensional .npy files of float32 and float64: what NumPy's save and load exchange.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_ARRAY_FILE_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_ARRAY_FILE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rectifier::prove {

// The elements of a little-endian float32 array of any shape in C order. Errors: NOT_FOUND,
// INVALID_ARGUMENT.
absl::StatusOr<std::vector<float>> ReadFloats(const std::string& path);

// Writes a file that is read back as a one-dimensional array.
absl::Status WriteFloats(const std::string& path, const std::vector<float>& elements);
absl::Status WriteDoubles(const std::string& path, const std::vector<double>& elements);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_ARRAY_FILE_H_
