#include "core/accuracy.h"

namespace rectifier {
namespace {

const UlpBounds& BoundsOf(const Accuracy& accuracy, Quantity quantity) {
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

double BoundOf(const UlpBounds& bounds, ElementType type) {
  switch (type) {
    case ElementType::kFloat64:
      return bounds.f64;
    case ElementType::kFloat32:
      return bounds.f32;
    case ElementType::kFloat16:
      return bounds.f16;
    case ElementType::kBFloat16:
      break;
  }
  return bounds.bf16;
}

}  // namespace

double MaxUlp(const Accuracy& accuracy, Quantity quantity, ElementType type) {
  return BoundOf(BoundsOf(accuracy, quantity), type);
}

}  // namespace rectifier
