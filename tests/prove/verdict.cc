#include "tests/prove/verdict.h"

#include <algorithm>

#include "core/accuracy.h"

namespace rectifier::prove {
namespace {

// What is promised for every argument, in units in the last place: core/README.md.
constexpr double kPromisedFloat32 = 1;
constexpr double kPromisedFloat64 = 2;
// Bounds are stated to this.
constexpr double kSlack = 1e-3;

}  // namespace

double BoundOf(const Spec& spec, Quantity quantity, ElementType type) {
  if (type == ElementType::kFloat16 || type == ElementType::kBFloat16) return 0.5;
  const double promised = type == ElementType::kFloat32 ? kPromisedFloat32 : kPromisedFloat64;
  return std::max(promised, MaxUlp(spec, quantity, type)) + kSlack;
}

}  // namespace rectifier::prove
