// The committed table of results: tests/numerics/prove/results.json.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_RESULTS_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_RESULTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tests/numerics/prove/row.h"

namespace rectifier::prove {

// Puts `rows` into the JSON file at `path` in place of those for the same activation, arguments,
// type and quantity; rows of activations that `names` lacks go. The rows are sorted, one a line.
absl::Status MergeResults(const std::string& path, const std::string& command,
                          const std::vector<Row>& rows, const std::vector<std::string>& names);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_RESULTS_H_
