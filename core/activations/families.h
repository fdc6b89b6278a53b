// The families of the catalogue (catalogue.cmake), each for the CPU target that Highway has chosen
// at the call.
#ifndef RECTIFIER_CORE_ACTIVATIONS_FAMILIES_H_
#define RECTIFIER_CORE_ACTIVATIONS_FAMILIES_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "core/kernel.h"

namespace rectifier {

struct Family {
  absl::string_view name;
  absl::string_view heading;  // what documentation calls it
  // Its units in order. Activations whose kernels are compiled in several units come from each of
  // them, with the kernels that it has.
  std::vector<std::vector<Activation> (*)()> units;
};

std::vector<Family> Families();

}  // namespace rectifier

#endif  // RECTIFIER_CORE_ACTIVATIONS_FAMILIES_H_
