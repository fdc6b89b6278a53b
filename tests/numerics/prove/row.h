// One line of the prover's table: the worst error of one quantity in one element type.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_ROW_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_ROW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/element_type.h"
#include "tests/numerics/prove/finding.h"
#include "tests/numerics/prove/subject.h"

namespace rectifier::prove {

struct Row {
  std::string activation;
  std::string arguments;
  std::string type;  // f32, ...
  std::string quantity;
  double worst_ulp = 0;  // infinity: a NaN, or a zero of the wrong sign
  double x = 0;          // where; of several inputs the first
  double result = 0;     // there
  double exact = 0;      // there, to the nearest double
  double correct = 0;    // share of the inputs with the correctly rounded result
  uint64_t inputs = 0;
  uint64_t undecided = 0;
  double seconds = 0;  // of CPU time, for all quantities of the activation that ran together
  std::string date;
  std::string machine;
  std::string target;
};

// "f64", "f32", "f16", "bf16".
std::string ShortName(ElementType type);

// The input whose bits a Finding holds.
double InputOf(ElementType type, uint64_t bits);

// What `finding` says about a column, with result and exact result at the worst input.
Row RowOf(const Subject& subject, size_t column, ElementType type, const Finding& finding);

// One line for people: the worst error, where it is, what stands there.
std::string Describe(const Row& row);

// The model of this machine's CPU, and today's date.
std::string CpuModel();
std::string Today();

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_ROW_H_
