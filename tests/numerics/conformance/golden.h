// Reads the golden files that the oracle writes (format: tests/numerics/oracle/README.md).
#ifndef RECTIFIER_TESTS_NUMERICS_CONFORMANCE_GOLDEN_H_
#define RECTIFIER_TESTS_NUMERICS_CONFORMANCE_GOLDEN_H_

#include <map>
#include <string>
#include <vector>

#include "core/element_type.h"

namespace rectifier::testing {

// An exact result: the nearest double, and what is missing from it in units of its last place.
struct Exact {
  bool defined = true;
  double nearest = 0;
  double rest = 0;
};

// Points under one set of arguments, by column: x (gate, value), the quantities, d/parameter.
struct GoldenBlock {
  std::map<std::string, double> arguments;
  std::map<std::string, std::vector<double>> given;
  std::map<std::string, std::vector<Exact>> exact;
};

// One row with an upstream.
struct GoldenRow {
  std::map<std::string, double> arguments;
  std::vector<double> mask;  // empty: nothing is left out
  std::vector<double> bias;  // empty: nothing is added
  std::vector<double> x;
  std::vector<double> upstream;
  std::vector<Exact> value;
  std::vector<Exact> gradient;
  std::map<std::string, Exact> by_parameter;  // d/parameter, where it has a value
};

// The files of the source tree. A malformed file fails the test that reads it. What is returned
// holds until the file of another activation is read, which tests do in one thread.
const std::vector<GoldenBlock>& ReadGoldenBlocks(const std::string& activation);
const std::vector<GoldenRow>& ReadGoldenRows(const std::string& activation);

// How far `result`, stored as `type`, is from `exact`: in units of the last place that `type` has
// at the exact result; infinity where one is a NaN, or the sign of a zero is wrong.
double UlpError(ElementType type, double result, const Exact& exact);

// The spacing of `type` at `value`.
double UnitInTheLastPlace(ElementType type, double value);

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_NUMERICS_CONFORMANCE_GOLDEN_H_
