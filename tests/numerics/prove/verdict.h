// Whether a result keeps what the library promises.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_VERDICT_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_VERDICT_H_

#include <cstddef>

#include "core/element_type.h"
#include "tests/numerics/prove/subject.h"

namespace rectifier::prove {

// The bound of a column of the subject in ULP. It is half of one, to the last bit, where results
// are correctly rounded: in float16 and bfloat16, and in float32 at default arguments where the
// catalogue says so of every input. Otherwise it is what the Spec states, and what a reference may
// be off.
double BoundOf(const Subject& subject, size_t column, ElementType type);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_VERDICT_H_
