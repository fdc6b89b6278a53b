package io.rectifier;

import java.util.OptionalInt;

/**
 * What is supplied for one parameter: a number, a word, or a tensor.
 *
 * <p>{@link Evaluation#withArgument} makes one of what it is given, so that this class is needed
 * only where arguments are kept in a map.
 */
public final class Argument {
  private final Object value;
  private final OptionalInt axis;

  private Argument(Object value, OptionalInt axis) {
    if (value == null) {
      throw new IllegalArgumentException("null is no argument; leave it out to take its default");
    }
    this.value = value;
    this.axis = axis;
  }

  /** Returns a number, which applies to every element. */
  public static Argument of(double number) {
    return new Argument(number, OptionalInt.empty());
  }

  /** Returns a word, for parameters that choose among a few. */
  public static Argument of(String word) {
    return new Argument(word, OptionalInt.empty());
  }

  /** Returns one of the words {@code true} and {@code false}. */
  public static Argument of(boolean word) {
    return of(Boolean.toString(word));
  }

  /** Returns a tensor, which is broadcast against the input by NumPy's rules. */
  public static Argument of(Tensor tensor) {
    return new Argument(tensor, OptionalInt.empty());
  }

  /**
   * Returns a tensor of rank 1 that runs along one axis of the input: one element for each channel.
   *
   * @param axis the input's axis; a negative one counts from the end
   */
  public static Argument perChannel(Tensor tensor, int axis) {
    return new Argument(tensor, OptionalInt.of(axis));
  }

  /** A Double, a String or a Tensor. */
  Object value() {
    return value;
  }

  OptionalInt axis() {
    return axis;
  }
}
