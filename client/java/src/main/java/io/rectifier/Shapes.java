package io.rectifier;

import java.util.Arrays;
import java.util.List;

/** What is asked of shapes. */
final class Shapes {
  private Shapes() {}

  /** The number of elements. Errors: IllegalArgumentException where no tensor has the shape. */
  static long elements(long[] shape) {
    long elements = 1;
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException(
            "the shape " + Arrays.toString(shape) + " has a negative size");
      }
      try {
        elements = Math.multiplyExact(elements, size);
      } catch (ArithmeticException overflow) {
        throw new IllegalArgumentException(
            "the shape " + Arrays.toString(shape) + " has more elements than a long can count",
            overflow);
      }
    }
    return elements;
  }

  static long[] of(List<Long> message) {
    return message.stream().mapToLong(Long::longValue).toArray();
  }
}
