#include "core/accuracy.h"

#include <algorithm>
#include <tuple>

#include "core/accuracy_table.h"

namespace rectifier {
namespace {

const UlpBounds& StatedFor(const Accuracy& accuracy, Quantity quantity) {
  switch (quantity) {
    case Quantity::kValue:
      return accuracy.value;
    case Quantity::kGradient:
      return accuracy.gradient;
    case Quantity::kSecondDerivative:
      return accuracy.second_derivative;
    case Quantity::kParameterGradient:
      break;
  }
  return accuracy.parameter_gradient;
}

double StatedIn(const UlpBounds& bounds, ElementType type) {
  switch (type) {
    case ElementType::kFloat64:
      return bounds.f64;
    case ElementType::kFloat32:
      return bounds.f32;
    case ElementType::kFloat16:
      return bounds.f16;
    case ElementType::kBFloat16:
    case ElementType::kBool:  // nothing is computed in it
      break;
  }
  return bounds.bf16;
}

using Key = std::tuple<absl::string_view, Quantity, ElementType>;

constexpr Key KeyOf(const AccuracyRow& row) { return {row.activation, row.quantity, row.type}; }

static_assert(std::is_sorted(kAccuracyTable.begin(), kAccuracyTable.end(),
                             [](const AccuracyRow& a, const AccuracyRow& b) {
                               return KeyOf(a) < KeyOf(b);
                             }));

}  // namespace

absl::string_view Name(Evidence evidence) {
  switch (evidence) {
    case Evidence::kStated:
      return "stated";
    case Evidence::kSampled:
      return "sampled";
    case Evidence::kExhaustive:
      break;
  }
  return "exhaustive";
}

ErrorBound ErrorBoundOf(const Spec& spec, Quantity quantity, ElementType type) {
  const Key key = {spec.name, quantity, type};
  const auto row =
      std::lower_bound(kAccuracyTable.begin(), kAccuracyTable.end(), key,
                       [](const AccuracyRow& a, const Key& b) { return KeyOf(a) < b; });
  if (row != kAccuracyTable.end() && KeyOf(*row) == key) return row->bound;
  return {.max_ulp = StatedIn(StatedFor(spec.accuracy, quantity), type)};
}

double MaxUlp(const Spec& spec, Quantity quantity, ElementType type) {
  return ErrorBoundOf(spec, quantity, type).max_ulp;
}

}  // namespace rectifier
