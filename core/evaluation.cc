#include "core/evaluation.h"

#include "core/binder.h"

namespace rectifier {

absl::string_view Name(Quantity quantity) {
  switch (quantity) {
    case Quantity::kValue:
      return "value";
    case Quantity::kGradient:
      return "gradient";
    case Quantity::kSecondDerivative:
      return "second_derivative";
    case Quantity::kParameterGradient:
      break;
  }
  return "parameter_gradient";
}

absl::StatusOr<Evaluation> Bind(const Catalogue& catalogue, const EvaluationRequest& request) {
  return Binder(catalogue, request).Bind();
}

}  // namespace rectifier
