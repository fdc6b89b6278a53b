package io.rectifier;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/**
 * The elements of a tensor, in a buffer of the caller's, and their way to and from the wire, where
 * they are little-endian and tightly packed.
 *
 * <p>The buffer runs from 0 to its limit. It is a {@link ByteBuffer} of bytes as on the wire, or
 * holds one element in each of its own. Bytes are moved in bulk, never element by element.
 */
final class Payload {
  private static final int COPIED_ELEMENTS = 1 << 18;

  private final ElementType type;
  private final Buffer buffer;

  /** Takes what is between the buffer's position and limit. */
  Payload(ElementType type, Buffer source) {
    this.type = type;
    this.buffer = source.slice();
    if (buffer instanceof ByteBuffer bytes) {
      bytes.order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /** A new one, in an array of the type's own. */
  static Payload allocate(ElementType type, int elements) {
    return new Payload(
        type,
        switch (type) {
          case FLOAT32 -> FloatBuffer.allocate(elements);
          case FLOAT64 -> DoubleBuffer.allocate(elements);
          case FLOAT16, BFLOAT16 -> ShortBuffer.allocate(elements);
          case BOOL -> ByteBuffer.allocate(elements);
        });
  }

  /** Whether such a buffer can hold elements of the type: a FloatBuffer those of float32. */
  static boolean fits(ElementType type, Buffer buffer) {
    return buffer instanceof ByteBuffer
        || switch (type) {
          case FLOAT32 -> buffer instanceof FloatBuffer;
          case FLOAT64 -> buffer instanceof DoubleBuffer;
          case FLOAT16, BFLOAT16 -> buffer instanceof ShortBuffer;
          case BOOL -> false;
        };
  }

  /**
   * Whether filling this from its beginning may overwrite elements of another that are read in the
   * same time, but never overtaken. Of buffers without an array that cannot be told: they do not.
   */
  boolean mayOverwrite(Payload read) {
    if (!buffer.hasArray() || !read.buffer.hasArray() || buffer.array() != read.buffer.array()) {
      return false;
    }
    int start = buffer.arrayOffset();
    int other = read.buffer.arrayOffset();
    boolean isApart = start + buffer.limit() <= other || other + read.buffer.limit() <= start;
    boolean follows = start == other && buffer.limit() <= read.buffer.limit();
    return !isApart && !follows;
  }

  /** Copies everything to another, of the same type and size. */
  void copyTo(Payload other) {
    for (long first = 0; first < elements(); first += COPIED_ELEMENTS) {
      int count = (int) Math.min(COPIED_ELEMENTS, elements() - first);
      other.write(first, read(first, count));
    }
  }

  ElementType type() {
    return type;
  }

  /** The buffer over the payload; who moves its position duplicates it first. */
  Buffer buffer() {
    return buffer;
  }

  long bytes() {
    return (long) buffer.limit() * (buffer instanceof ByteBuffer ? 1 : type.bytes());
  }

  long elements() {
    return bytes() / type.bytes();
  }

  /** Some elements as on the wire. Where the buffer has them so, this is a view. */
  ByteString read(long first, int elements) {
    int length = Math.multiplyExact(elements, type.bytes());
    if (buffer instanceof ByteBuffer bytes) {
      int start = Math.toIntExact(first * type.bytes());
      return UnsafeByteOperations.unsafeWrap(bytes.slice(start, length));
    }
    byte[] copy = new byte[length];
    ByteBuffer wire = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
    int start = Math.toIntExact(first);
    if (buffer instanceof FloatBuffer floats) {
      wire.asFloatBuffer().put(0, floats, start, elements);
    } else if (buffer instanceof DoubleBuffer doubles) {
      wire.asDoubleBuffer().put(0, doubles, start, elements);
    } else if (buffer instanceof ShortBuffer shorts) {
      wire.asShortBuffer().put(0, shorts, start, elements);
    }
    return UnsafeByteOperations.unsafeWrap(copy);
  }

  /** Puts bytes from the wire, whole elements, at the place of the element {@code first}. */
  void write(long first, ByteString from) {
    ByteBuffer wire = from.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    int elements = wire.remaining() / type.bytes();
    if (buffer instanceof ByteBuffer bytes) {
      bytes.put(Math.toIntExact(first * type.bytes()), wire, 0, wire.remaining());
      return;
    }
    int start = Math.toIntExact(first);
    if (buffer instanceof FloatBuffer floats) {
      floats.put(start, wire.asFloatBuffer(), 0, elements);
    } else if (buffer instanceof DoubleBuffer doubles) {
      doubles.put(start, wire.asDoubleBuffer(), 0, elements);
    } else if (buffer instanceof ShortBuffer shorts) {
      shorts.put(start, wire.asShortBuffer(), 0, elements);
    }
  }
}
