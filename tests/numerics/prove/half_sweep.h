// All float16 or bfloat16 inputs, each against the correctly rounded result.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_HALF_SWEEP_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_HALF_SWEEP_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/element_type.h"
#include "tests/numerics/prove/finding.h"
#include "tests/numerics/prove/subject.h"

namespace rectifier::prove {

// What each column shows at these inputs, given by their bits. Results that are not correctly
// rounded count as more than half a ULP, ties too.
std::vector<Finding> SweepHalves(const Subject& subject, ElementType type,
                                 const std::vector<uint16_t>& inputs);

// Every `stride`th of all inputs from `first` on.
std::vector<uint16_t> EveryHalf(size_t first, size_t stride);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_HALF_SWEEP_H_
