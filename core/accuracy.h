// The worst error of a quantity in an element type, and how that is known.
//
//   double ulp = rectifier::MaxUlp(*activation.spec, Quantity::kGradient, ElementType::kFloat32);
#ifndef RECTIFIER_CORE_ACCURACY_H_
#define RECTIFIER_CORE_ACCURACY_H_

#include <cstdint>
#include <optional>

#include "core/element_type.h"
#include "core/spec.h"

namespace rectifier {

enum class Evidence : uint8_t {
  kStated,      // the Spec says so; the golden points do not contradict it
  kSampled,     // the worst of a dense sample of inputs
  kExhaustive,  // the worst of all inputs that the element type has
};

// "stated", "sampled", "exhaustive".
absl::string_view Name(Evidence evidence);

struct ErrorBound {
  double max_ulp = 0;  // in units in the last place of the exact result, away from hard spots
  Evidence evidence = Evidence::kStated;
  // How many of the inputs tried gave the exact result rounded to nearest even, where that was
  // counted.
  std::optional<double> correctly_rounded = {};
};

// What `./dev prove` found; for a quantity and type that it has not tried, what the Spec states.
// `type` is that of the result: of a parameter gradient the argument's.
ErrorBound ErrorBoundOf(const Spec& spec, Quantity quantity, ElementType type);

// What is promised of elementwise results for every input and argument, in the same unit; 0.5 is
// correct rounding. Exceptions stand in Specs.
constexpr double PromisedUlp(ElementType type) {
  switch (type) {
    case ElementType::kFloat64:
      return 2;
    case ElementType::kFloat32:
    case ElementType::kFloat16:
    case ElementType::kBFloat16:
    case ElementType::kBool:  // nothing is computed in it
      break;
  }
  return 0.5;
}

// ErrorBoundOf(...).max_ulp.
double MaxUlp(const Spec& spec, Quantity quantity, ElementType type);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_ACCURACY_H_
