// What is measured: which cases, and who takes part in each.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_STUDIES_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_STUDIES_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/benchmarks/rpc/side.h"
#include "tests/benchmarks/rpc/workload.h"

namespace rectifier {

struct Study {
  std::string name;
  std::vector<Case> cases;
  // All that take part in a case, ready to call; some of them without a caller.
  std::function<std::vector<Contender>(Servers&, const Workload&)> contenders;
  // The activation where a study is about one, whatever else is measured.
  std::optional<std::string> activation = std::nullopt;
};

// The names of the scopes: "whole", "quick" (fewer sizes), "smoke" (seconds; proves that it runs),
// "scale" (how time grows with what). It is empty for another name.
std::vector<Study> StudiesOf(const std::string& scope);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_STUDIES_H_
