// Whether a result keeps what the library promises.
#ifndef RECTIFIER_TESTS_PROVE_VERDICT_H_
#define RECTIFIER_TESTS_PROVE_VERDICT_H_

#include "core/element_type.h"
#include "core/spec.h"

namespace rectifier::prove {

// The bound of a quantity in ULP: half of one for float16 and bfloat16, which are correctly
// rounded; else what the Spec states, and what a reference may be off.
double BoundOf(const Spec& spec, Quantity quantity, ElementType type);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_PROVE_VERDICT_H_
