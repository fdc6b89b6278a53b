#include "tests/numerics/prove/half_sweep.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "tests/numerics/prove/format.h"
#include "tests/numerics/prove/point.h"

namespace rectifier::prove {
namespace {

constexpr double kWrong = std::numeric_limits<double>::infinity();

double ErrorOf(const RoundedResult& exact, ElementType type, double result) {
  const bool right = exact.Is(result);
  if (std::isnan(result) || exact.exact.infinite) return right ? 0 : kWrong;
  if (result == 0 && !right && exact.low == 0) return kWrong;  // the sign
  const double error = UlpError(type, result, exact.exact.middle.get());
  return right ? std::min(error, 0.5) : std::max(error, std::nextafter(0.5, 1));
}

}  // namespace

std::vector<uint16_t> EveryHalf(size_t first, size_t stride) {
  std::vector<uint16_t> inputs;
  for (size_t bits = first; bits <= std::numeric_limits<uint16_t>::max(); bits += stride) {
    inputs.push_back(static_cast<uint16_t>(bits));
  }
  return inputs;
}

std::vector<Finding> SweepHalves(const Subject& subject, ElementType type,
                                 const std::vector<uint16_t>& inputs) {
  KernelRun kernel(&subject, type, inputs.size());
  kernel.Run(inputs.data(), inputs.size());
  std::vector<Finding> findings(subject.columns.size());
  for (size_t column = 0; column < findings.size(); ++column) {
    PointOracle oracle(subject.columns[column].expression, subject.arguments);
    const auto* const results = static_cast<const uint16_t*>(kernel.results(column));
    Finding& finding = findings[column];
    for (size_t i = 0; i < inputs.size(); ++i) {
      const double x = LoadElement(type, &inputs[i]);
      const double result = LoadElement(type, &results[i]);
      ++finding.inputs;
      if (std::isnan(x)) {
        finding.Meet(std::isnan(result) ? 0 : kWrong, inputs[i]);
        finding.correct += std::isnan(result) ? 1 : 0;
        continue;
      }
      const RoundedResult exact = oracle.RoundedAt(x, type);
      if (!exact.exact.defined || (!exact.exact.decided && exact.Is(result))) {
        ++finding.undecided;
        continue;
      }
      const double error = ErrorOf(exact, type, result);
      finding.Meet(error, inputs[i]);
      finding.correct += error <= 0.5 ? 1 : 0;
    }
  }
  return findings;
}

}  // namespace rectifier::prove
