// Arguments other than the defaults that the sample tries.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_ARGUMENTS_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_ARGUMENTS_H_

#include <vector>

#include "core/spec.h"
#include "tests/numerics/prove/subject.h"

namespace rectifier::prove {

// The defaults, then sets with one parameter smaller, larger, negative, zero or extreme, as far as
// its range allows, and sets in which all move together. Without parameters there is one empty set.
std::vector<Assignments> ArgumentSets(const Spec& spec);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_ARGUMENTS_H_
