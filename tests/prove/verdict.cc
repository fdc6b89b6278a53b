#include "tests/prove/verdict.h"

#include <algorithm>

#include "core/accuracy.h"

namespace rectifier::prove {
namespace {

// Bounds are stated to this.
constexpr double kSlack = 1e-3;

}  // namespace

double BoundOf(const Spec& spec, Quantity quantity, ElementType type) {
  const double promised = PromisedUlp(type);
  return promised == 0.5 ? promised : std::max(promised, MaxUlp(spec, quantity, type)) + kSlack;
}

}  // namespace rectifier::prove
