// `prove`: the worst errors over all inputs, as a table, and in the committed results.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_PROVE_COMMAND_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_PROVE_COMMAND_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/catalogue.h"
#include "core/element_type.h"
#include "core/spec.h"

namespace rectifier::prove {

struct ProveOptions {
  std::vector<std::string> activations;  // all elementwise ones where empty
  std::vector<ElementType> types;        // all four where empty
  std::optional<Quantity> quantity;      // all where absent
  std::string arguments;                 // "beta=0.5,..."; the rest by default
  std::string target;                    // the best where empty
  size_t threads = 0;                    // one per CPU where 0
  std::string state_directory;
  std::string write;    // a JSON file to merge results into; none where empty
  std::string command;  // as the user gave it, for that file
};

// Prints a row for each quantity and type. Gives whether every one is within the bound of its Spec.
absl::StatusOr<bool> Prove(const ProveOptions& options);

// The catalogue of the target with this name, or the best. Errors: as Catalogue::ForTarget.
absl::StatusOr<const Catalogue*> CatalogueFor(const std::string& target);

// The elementwise activations with these names, all of them where there is none.
absl::StatusOr<std::vector<const Activation*>> Elementwise(const Catalogue& catalogue,
                                                           const std::vector<std::string>& names);

// Where the source tree has the formulas.
std::string FormulasPath();

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_PROVE_COMMAND_H_
