package io.rectifier;

/** The type of a tensor's elements. */
public enum ElementType {
  /** IEEE 754 binary16. Java has no such type: an element is its 16 bits, in a {@code short}. */
  FLOAT16(2, io.rectifier.v1.ElementType.ELEMENT_TYPE_FLOAT16),
  /** The upper half of an IEEE 754 binary32. An element is its 16 bits, in a {@code short}. */
  BFLOAT16(2, io.rectifier.v1.ElementType.ELEMENT_TYPE_BFLOAT16),
  /** IEEE 754 binary32: a {@code float}. */
  FLOAT32(4, io.rectifier.v1.ElementType.ELEMENT_TYPE_FLOAT32),
  /** IEEE 754 binary64: a {@code double}. */
  FLOAT64(8, io.rectifier.v1.ElementType.ELEMENT_TYPE_FLOAT64),
  /** A {@code byte} that is 0 or 1. It is for masks: nothing is computed in it. */
  BOOL(1, io.rectifier.v1.ElementType.ELEMENT_TYPE_BOOL);

  private final int bytes;
  private final io.rectifier.v1.ElementType message;

  ElementType(int bytes, io.rectifier.v1.ElementType message) {
    this.bytes = bytes;
    this.message = message;
  }

  /** Returns the size of an element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Returns the name as it is in other languages: {@code float32}. */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  io.rectifier.v1.ElementType message() {
    return message;
  }

  static ElementType of(io.rectifier.v1.ElementType message) {
    for (ElementType type : values()) {
      if (type.message == message) {
        return type;
      }
    }
    throw new IllegalArgumentException("the server sent elements of type " + message);
  }
}
