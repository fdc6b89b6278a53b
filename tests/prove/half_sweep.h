// All float16 or bfloat16 inputs, each against the correctly rounded result.
#ifndef RECTIFIER_TESTS_PROVE_HALF_SWEEP_H_
#define RECTIFIER_TESTS_PROVE_HALF_SWEEP_H_

#include <cstddef>
#include <vector>

#include "core/element_type.h"
#include "tests/prove/finding.h"
#include "tests/prove/subject.h"

namespace rectifier::prove {

inline constexpr size_t kHalves = size_t{1} << 16;

// What each column shows at every `stride`th input from `first` on. Results that are not correctly
// rounded count as more than half a ULP, ties too.
std::vector<Finding> SweepHalves(const Subject& subject, ElementType type, size_t first = 0,
                                 size_t stride = 1);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_PROVE_HALF_SWEEP_H_
