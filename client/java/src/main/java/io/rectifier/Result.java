package io.rectifier;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The quantities of one evaluation that were asked for.
 *
 * <p>Tensors have the element type of the input, those of parameter gradients that of their
 * argument, which for a number is float64. Their arrays are the caller's: nothing else refers to
 * them. Errors: {@link IllegalStateException} for a quantity that was not asked for.
 */
public final class Result {
  private final Optional<Tensor> value;
  private final List<Tensor> gradients;
  private final Optional<Tensor> secondDerivative;
  private final Map<String, Tensor> parameterGradients;

  Result(
      Optional<Tensor> value,
      List<Tensor> gradients,
      Optional<Tensor> secondDerivative,
      Map<String, Tensor> parameterGradients) {
    this.value = value;
    this.gradients = List.copyOf(gradients);
    this.secondDerivative = secondDerivative;
    this.parameterGradients = Collections.unmodifiableMap(parameterGradients); // in order
  }

  /** Returns y = f(x), in the output's shape. */
  public Tensor value() {
    return value.orElseThrow(() -> notAskedFor(Quantity.VALUE));
  }

  /** Returns dL/dx of the only input; a pair in two tensors has two {@link #gradients()}. */
  public Tensor gradient() {
    if (gradients.size() > 1) {
      throw new IllegalStateException("there are two inputs: gradients() has one for each");
    }
    return gradients().get(0);
  }

  /** Returns dL/dx by input, each in that input's shape. */
  public List<Tensor> gradients() {
    if (gradients.isEmpty()) {
      throw notAskedFor(Quantity.GRADIENT);
    }
    return gradients;
  }

  /** Returns the diagonal of d2L/dx2, in the input's shape. */
  public Tensor secondDerivative() {
    return secondDerivative.orElseThrow(() -> notAskedFor(Quantity.SECOND_DERIVATIVE));
  }

  /**
   * Returns dL/dp by the canonical name of each learnable parameter, each in the argument's shape
   * and type. It is empty where there is no such parameter, or where it was not asked for.
   */
  public Map<String, Tensor> parameterGradients() {
    return parameterGradients;
  }

  /** Returns dL/dp of the parameter with this canonical name. */
  public Tensor parameterGradient(String parameter) {
    Tensor gradient = parameterGradients.get(parameter);
    if (gradient == null) {
      throw new IllegalStateException(
          "there is no gradient of \"%s\"; there are those of %s (withQuantities(%s) asks for them)"
              .formatted(parameter, parameterGradients.keySet(), Quantity.PARAMETER_GRADIENT));
    }
    return gradient;
  }

  /** Returns types and shapes: {@code Result(value: float32[2, 2])}. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    value.ifPresent(tensor -> parts.add("value: " + tensor));
    for (int i = 0; i < gradients.size(); ++i) {
      parts.add("gradients[" + i + "]: " + gradients.get(i));
    }
    secondDerivative.ifPresent(tensor -> parts.add("second derivative: " + tensor));
    parameterGradients.forEach((name, tensor) -> parts.add("gradient of " + name + ": " + tensor));
    return "Result(" + String.join(", ", parts) + ")";
  }

  private static IllegalStateException notAskedFor(Quantity quantity) {
    return new IllegalStateException(
        quantity + " was not asked for: withQuantities(Quantity." + quantity + ") asks for it");
  }
}
