#include "tests/numerics/prove/landmarks.h"

#include <algorithm>
#include <string>

#include "tests/numerics/prove/point.h"

namespace rectifier::prove {
namespace {

constexpr double kReach = 50;
// The points lie off the numbers at which roots and kinks like to lie.
constexpr double kOffset = 0x1p-30;

// What differs between the two sides of a root or a kink.
std::string Side(PointOracle* oracle, double x) {
  const PointResult result = oracle->At(x, 8);
  return oracle->decisions() + (result.sign < 0 ? "n" : result.sign > 0 ? "p" : "0");
}

// The last double from `low` on that is on its side.
double Bisect(PointOracle* oracle, double low, double high) {
  const std::string side = Side(oracle, low);
  while (true) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return low;
    (Side(oracle, middle) == side ? low : high) = middle;
  }
}

}  // namespace

std::vector<double> Landmarks(const Expression& expression, absl::Span<const double> arguments,
                              int steps) {
  PointOracle oracle(&expression, arguments);
  std::vector<double> landmarks = {0};
  double previous = -kReach + kOffset;
  std::string before = Side(&oracle, previous);
  for (int i = 1; i <= steps; ++i) {
    const double x = -kReach + kOffset + i * (2 * kReach / steps);
    std::string side = Side(&oracle, x);
    if (side != before) landmarks.push_back(Bisect(&oracle, previous, x));
    previous = x;
    before = std::move(side);
  }
  std::sort(landmarks.begin(), landmarks.end());
  return landmarks;
}

}  // namespace rectifier::prove
