// The activations of rows, which tests of rows are repeated for.
#ifndef RECTIFIER_TESTS_CORE_ROW_ACTIVATIONS_H_
#define RECTIFIER_TESTS_CORE_ROW_ACTIVATIONS_H_

#include <string>
#include <vector>

#include "core/catalogue.h"

namespace rectifier::testing {

inline std::vector<std::string> RowActivations() {
  std::vector<std::string> names;
  for (const Activation& activation : Catalogue::Best().All()) {
    if (activation.kind() == Kind::kRows) names.emplace_back(activation.spec->name);
  }
  return names;
}

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_CORE_ROW_ACTIVATIONS_H_
