// Kernels over arrays of doubles: what the engine needs around the kernels of activations.
#ifndef RECTIFIER_CORE_LOOPS_ARRAYS_H_
#define RECTIFIER_CORE_LOOPS_ARRAYS_H_

#include "core/kernel.h"

namespace rectifier {

// For the CPU target that Highway has chosen at the call.
ArrayKernels Arrays();

}  // namespace rectifier

#endif  // RECTIFIER_CORE_LOOPS_ARRAYS_H_
