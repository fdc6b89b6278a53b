// What the prover's own tests share: subjects, and kernels that are wrong on purpose.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_FIXTURE_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_FIXTURE_H_

#include <functional>
#include <map>
#include <string>

#include "core/kernel.h"
#include "tests/numerics/prove/expression.h"
#include "tests/numerics/prove/subject.h"

namespace rectifier::prove {

// The formulas of the source tree; a failure to read them ends the test program.
const std::map<std::string, Formula>& Formulas();

// An activation of the catalogue at the defaults, with these exceptions.
Subject SubjectOf(const std::string& activation, const Assignments& assignments = {});

// Puts in place of the subject's kernels one that calls the right one for its first element type,
// and then `spoil`, until the object goes. There may be one object at a time.
class SpoiledKernels {
 public:
  SpoiledKernels(Subject* subject, std::function<void(const ElementwiseOperands&)> spoil);
  ~SpoiledKernels();
  SpoiledKernels(const SpoiledKernels&) = delete;
  SpoiledKernels& operator=(const SpoiledKernels&) = delete;

 private:
  Subject* subject_;
  ElementwiseKernels kernels_;
};

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_FIXTURE_H_
