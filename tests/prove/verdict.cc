#include "tests/prove/verdict.h"

#include "core/accuracy.h"

namespace rectifier::prove {
namespace {

// Bounds are stated to this.
constexpr double kSlack = 1e-3;

}  // namespace

double BoundOf(const Spec& spec, Quantity quantity, ElementType type) {
  if (type == ElementType::kFloat16 || type == ElementType::kBFloat16) return 0.5;
  return MaxUlp(spec.accuracy, quantity, type) + kSlack;
}

}  // namespace rectifier::prove
