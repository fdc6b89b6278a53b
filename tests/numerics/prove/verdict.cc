#include "tests/numerics/prove/verdict.h"

#include <algorithm>

#include "core/accuracy.h"

namespace rectifier::prove {
namespace {

// Bounds are stated to this.
constexpr double kSlack = 1e-3;

bool HasDefaults(const Subject& subject) {
  for (size_t i = 0; i < subject.arguments.size(); ++i) {
    if (subject.arguments[i] != subject.spec->parameters[i].default_value) return false;
  }
  return true;
}

}  // namespace

double BoundOf(const Subject& subject, size_t column, ElementType type) {
  const ErrorBound stated = ErrorBoundOf(*subject.spec, subject.columns[column].quantity, type);
  const double promised = PromisedUlp(type);
  const bool rounds = type == ElementType::kFloat32 && stated.evidence == Evidence::kExhaustive &&
                      stated.correctly_rounded == 1 && HasDefaults(subject);
  return rounds || promised == 0.5 ? 0.5 : std::max(promised, stated.max_ulp) + kSlack;
}

}  // namespace rectifier::prove
