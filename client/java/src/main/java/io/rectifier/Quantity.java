package io.rectifier;

/** What an evaluation gives back. With L = sum(upstream * y), every derivative is one of L. */
public enum Quantity {
  /** y = f(x). */
  VALUE(io.rectifier.v1.Quantity.QUANTITY_VALUE),
  /** dL/dx, by input. Where there is no upstream, it is taken with ones. */
  GRADIENT(io.rectifier.v1.Quantity.QUANTITY_GRADIENT),
  /** dL/dp for every learnable parameter p, in the shape and type of its argument. */
  PARAMETER_GRADIENT(io.rectifier.v1.Quantity.QUANTITY_PARAMETER_GRADIENT),
  /** The diagonal of d2L/dx2, which elementwise activations have. */
  SECOND_DERIVATIVE(io.rectifier.v1.Quantity.QUANTITY_SECOND_DERIVATIVE);

  private final io.rectifier.v1.Quantity message;

  Quantity(io.rectifier.v1.Quantity message) {
    this.message = message;
  }

  io.rectifier.v1.Quantity message() {
    return message;
  }
}
