#include "tests/numerics/prove/row.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <ctime>
#include <fstream>
#include <limits>

#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "tests/numerics/prove/format.h"
#include "tests/numerics/prove/point.h"

namespace rectifier::prove {
namespace {

double ResultAt(const Subject& subject, size_t column, ElementType type, double x) {
  std::byte input[sizeof(double)];
  StoreElement(type, x, input);
  KernelRun kernel(&subject, type, 1);
  kernel.Run(input, 1);
  return LoadElement(type, kernel.results(column));
}

double NearestDouble(const PointResult& exact) {
  if (!exact.defined || !exact.decided) return std::numeric_limits<double>::quiet_NaN();
  if (exact.infinite) return exact.sign * kInfinity;
  const double nearest = RoundTo(ElementType::kFloat64, exact.middle.get());
  return nearest == 0 && exact.sign < 0 ? -0.0 : nearest;
}

}  // namespace

std::string ShortName(ElementType type) {
  switch (type) {
    case ElementType::kFloat64:
      return "f64";
    case ElementType::kFloat32:
      return "f32";
    case ElementType::kFloat16:
      return "f16";
    case ElementType::kBFloat16:
    case ElementType::kBool:  // nothing is computed in it
      break;
  }
  return "bf16";
}

double InputOf(ElementType type, uint64_t bits) {
  switch (type) {
    case ElementType::kFloat64:
      return std::bit_cast<double>(bits);
    case ElementType::kFloat32:
      return std::bit_cast<float>(static_cast<uint32_t>(bits));
    default: {
      const auto half = static_cast<uint16_t>(bits);
      return LoadElement(type, &half);
    }
  }
}

Row RowOf(const Subject& subject, size_t column, ElementType type, const Finding& finding) {
  Row row{.activation = std::string(subject.spec->name),
          .arguments = subject.ArgumentText(),
          .type = ShortName(type),
          .quantity = subject.columns[column].name,
          .worst_ulp = finding.worst_ulp,
          .x = InputOf(type, finding.worst_bits),
          .correct = static_cast<double>(finding.correct) / static_cast<double>(finding.inputs),
          .inputs = finding.inputs,
          .undecided = finding.undecided};
  row.result = ResultAt(subject, column, type, row.x);
  PointOracle oracle(subject.columns[column].expression, subject.arguments);
  if (std::isnan(row.x)) {
    row.exact = row.x;
    return row;
  }
  const PointResult exact = oracle.At(row.x);
  row.exact = NearestDouble(exact);
  const bool rough = type == ElementType::kFloat32 || type == ElementType::kFloat64;
  if (rough && std::isfinite(row.worst_ulp) && exact.defined && exact.decided && !exact.infinite) {
    // The sweep's references are good to kTolerance; this is exact, but for the side of a tie.
    const double error = UlpError(type, row.result, exact.middle.get());
    const bool is_nearest = finding.worst_ulp <= 0.5;
    row.worst_ulp = is_nearest ? std::min(error, 0.5) : std::max(error, std::nextafter(0.5, 1));
  }
  return row;
}

std::string Describe(const Row& row) {
  return absl::StrFormat("%s(%s) %s %s: %.5f ULP at x = %.9g (%a): %a, exactly %a", row.activation,
                         row.arguments, row.quantity, row.type, row.worst_ulp, row.x, row.x,
                         row.result, row.exact);
}

std::string CpuModel() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (absl::StartsWith(line, "model name") && colon != std::string::npos) {
      return line.substr(colon + 2);
    }
  }
  return "unknown";
}

std::string Today() {
  const std::time_t now = std::time(nullptr);
  std::tm utc = {};
  gmtime_r(&now, &utc);
  return absl::StrFormat("%04d-%02d-%02d", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday);
}

}  // namespace rectifier::prove
