package io.rectifier;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;

/**
 * A dense, row-major tensor over an array or a buffer.
 *
 * <p>A tensor refers to the array or buffer that it is made of, and copies nothing: leave the
 * elements as they are while a call is under way. A buffer counts from its position to its limit,
 * both of which stay as they are. Without a shape, a tensor is a vector; {@code new long[0]} is the
 * shape of a single element of rank 0.
 *
 * <p>Errors: {@link IllegalArgumentException} where the shape does not have as many elements as are
 * given. Threads: a tensor is immutable, its elements are not.
 */
public final class Tensor {
  private final Payload payload;
  private final long[] shape;

  private Tensor(ElementType type, Buffer buffer, long[] shape) {
    this(new Payload(type, buffer), shape);
  }

  Tensor(Payload payload, long[] shape) {
    this.payload = payload;
    this.shape = shape.clone();
    long elements = Shapes.elements(shape);
    if (elements * payload.type().bytes() != payload.bytes()) {
      throw new IllegalArgumentException(
          "the shape %s has %d elements of %s, which are %d bytes; %d bytes are given"
              .formatted(
                  Arrays.toString(shape),
                  elements,
                  payload.type(),
                  elements * payload.type().bytes(),
                  payload.bytes()));
    }
  }

  /** Returns a vector of float32. */
  public static Tensor of(float[] values) {
    return of(values, values.length);
  }

  /** Returns a tensor of float32. */
  public static Tensor of(float[] values, long... shape) {
    return of(FloatBuffer.wrap(values), shape);
  }

  /** Returns a vector of float64. */
  public static Tensor of(double[] values) {
    return of(values, values.length);
  }

  /** Returns a tensor of float64. */
  public static Tensor of(double[] values, long... shape) {
    return of(DoubleBuffer.wrap(values), shape);
  }

  /** Returns a vector of float32, over a direct buffer or any other. */
  public static Tensor of(FloatBuffer values) {
    return of(values, values.remaining());
  }

  /** Returns a tensor of float32, over a direct buffer or any other. */
  public static Tensor of(FloatBuffer values, long... shape) {
    return new Tensor(ElementType.FLOAT32, values, shape);
  }

  /** Returns a vector of float64, over a direct buffer or any other. */
  public static Tensor of(DoubleBuffer values) {
    return of(values, values.remaining());
  }

  /** Returns a tensor of float64, over a direct buffer or any other. */
  public static Tensor of(DoubleBuffer values, long... shape) {
    return new Tensor(ElementType.FLOAT64, values, shape);
  }

  /** Returns a tensor of float16, whose elements are given by their bits. */
  public static Tensor ofFloat16(short[] bits, long... shape) {
    return new Tensor(ElementType.FLOAT16, ShortBuffer.wrap(bits), shape);
  }

  /** Returns a tensor of bfloat16, whose elements are given by their bits. */
  public static Tensor ofBfloat16(short[] bits, long... shape) {
    return new Tensor(ElementType.BFLOAT16, ShortBuffer.wrap(bits), shape);
  }

  /** Returns a mask, whose elements are 1 for what is kept and 0 for what is left out. */
  public static Tensor ofMask(byte[] kept, long... shape) {
    return new Tensor(ElementType.BOOL, ByteBuffer.wrap(kept), shape);
  }

  /**
   * Returns a mask. This copies element by element, since Java has no other way from {@code
   * boolean}: {@link #ofMask(byte[], long...)} copies nothing.
   */
  public static Tensor ofMask(boolean[] kept, long... shape) {
    byte[] bytes = new byte[kept.length];
    for (int i = 0; i < kept.length; ++i) {
      bytes[i] = (byte) (kept[i] ? 1 : 0);
    }
    return ofMask(bytes, shape);
  }

  /**
   * Returns a tensor over bytes as they travel: little-endian, row-major and tightly packed. The
   * order that the buffer is set to plays no part.
   */
  public static Tensor ofBytes(ElementType type, ByteBuffer data, long... shape) {
    return new Tensor(type, data, shape);
  }

  /** Returns a tensor over the elements of a ShortBuffer, which are bits of a 16-bit type. */
  public static Tensor ofBits(ElementType type, ShortBuffer bits, long... shape) {
    if (type.bytes() != Short.BYTES) {
      throw new IllegalArgumentException("type: " + type + " does not have 16 bits");
    }
    return new Tensor(type, bits, shape);
  }

  /** Returns the type of the elements. */
  public ElementType elementType() {
    return payload.type();
  }

  /** Returns the size of each dimension, outermost first; a copy. */
  public long[] shape() {
    return shape.clone();
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /** Returns the number of elements. */
  public long elements() {
    return payload.elements();
  }

  /** Returns the size of all elements in bytes. */
  public long bytes() {
    return payload.bytes();
  }

  /**
   * Returns the elements of a tensor of float32. Where the tensor is over such an array, as results
   * are, it is that array; else it is a copy.
   */
  public float[] floatArray() {
    FloatBuffer floats = floatBuffer();
    if (floats.hasArray() && floats.array().length == floats.limit()) {
      return floats.array();
    }
    float[] copy = new float[floats.limit()];
    floats.get(copy);
    return copy;
  }

  /** Returns the elements of a tensor of float64, as {@link #floatArray()} does. */
  public double[] doubleArray() {
    DoubleBuffer doubles = doubleBuffer();
    if (doubles.hasArray() && doubles.array().length == doubles.limit()) {
      return doubles.array();
    }
    double[] copy = new double[doubles.limit()];
    doubles.get(copy);
    return copy;
  }

  /** Returns the bits of a tensor of float16 or bfloat16, as {@link #floatArray()} does. */
  public short[] bitsArray() {
    ShortBuffer bits = bitsBuffer();
    if (bits.hasArray() && bits.array().length == bits.limit()) {
      return bits.array();
    }
    short[] copy = new short[bits.limit()];
    bits.get(copy);
    return copy;
  }

  /** Returns a view of the elements of a tensor of float32. */
  public FloatBuffer floatBuffer() {
    require("float32", payload.type() == ElementType.FLOAT32);
    return payload.buffer() instanceof FloatBuffer floats
        ? floats.duplicate()
        : bytesView().asFloatBuffer();
  }

  /** Returns a view of the elements of a tensor of float64. */
  public DoubleBuffer doubleBuffer() {
    require("float64", payload.type() == ElementType.FLOAT64);
    return payload.buffer() instanceof DoubleBuffer doubles
        ? doubles.duplicate()
        : bytesView().asDoubleBuffer();
  }

  /** Returns a view of the bits of a tensor of float16 or bfloat16. */
  public ShortBuffer bitsBuffer() {
    require("float16 or bfloat16", payload.type().bytes() == Short.BYTES);
    return payload.buffer() instanceof ShortBuffer bits
        ? bits.duplicate()
        : bytesView().asShortBuffer();
  }

  /** Returns a copy of the elements as they travel: little-endian, row-major, tightly packed. */
  public byte[] toBytes() {
    return payload.read(0, Math.toIntExact(elements())).toByteArray();
  }

  /** Returns type and shape: {@code Tensor(float32[2, 3])}. */
  @Override
  public String toString() {
    return "Tensor(" + payload.type() + Arrays.toString(shape) + ")";
  }

  Payload payload() {
    return payload;
  }

  private ByteBuffer bytesView() {
    return ((ByteBuffer) payload.buffer()).duplicate().order(java.nio.ByteOrder.LITTLE_ENDIAN);
  }

  private void require(String type, boolean isMet) {
    if (!isMet) {
      throw new IllegalStateException("the tensor is of " + payload.type() + ", not of " + type);
    }
  }
}
