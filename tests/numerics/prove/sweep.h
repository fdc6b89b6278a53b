// The work of proving one subject in one element type, cut into tasks.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_SWEEP_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_SWEEP_H_

#include <cstddef>
#include <functional>
#include <vector>

#include "core/element_type.h"
#include "tests/numerics/prove/finding.h"
#include "tests/numerics/prove/subject.h"

namespace rectifier::prove {

// Findings by column of the subject; each task gives the same, whenever and wherever it runs.
using Worker = std::function<std::vector<Finding>(size_t task)>;

struct Sweep {
  size_t tasks = 0;
  std::function<Worker()> make_worker;  // one for each thread
};

// All inputs of float32, float16 and bfloat16, or more than 10^7 float64 inputs for each column.
// `subject` must outlive the sweep.
Sweep MakeSweep(const Subject* subject, ElementType type);

// Results by task, where they are known.
using TaskFindings = std::vector<std::vector<Finding>>;

// Runs the tasks that `done` has not (an empty vector), on `threads` threads, and tells `finished`
// about each, one at a time, with the CPU time it took.
void RunSweep(const Sweep& sweep, size_t threads, TaskFindings* done,
              const std::function<void(size_t task, double seconds)>& finished);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_SWEEP_H_
