package io.rectifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.junit.jupiter.api.Test;

class TensorTest {
  @Test
  void isAVectorWithoutAShape() {
    assertArrayEquals(new long[] {3}, Tensor.of(new float[3]).shape());
    assertArrayEquals(new long[] {3}, Tensor.of(new double[3]).shape());
    assertArrayEquals(new long[] {2}, Tensor.of(FloatBuffer.allocate(3).position(1)).shape());
    assertArrayEquals(new long[] {2}, Tensor.of(DoubleBuffer.allocate(3).limit(2)).shape());
    assertEquals("Tensor(float64[])", Tensor.of(new double[1], new long[0]).toString());
  }

  @Test
  void refusesAShapeOfAnotherSize() {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> Tensor.of(new float[4], 2, 3));
    assertEquals(
        "the shape [2, 3] has 6 elements of float32, which are 24 bytes; 16 bytes are given",
        error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Tensor.of(new float[4], -2, -2));
    assertThrows(IllegalArgumentException.class, () -> Tensor.of(new float[4], 1L << 32, 1L << 32));
    ByteBuffer half = ByteBuffer.allocate(6);
    assertThrows(
        IllegalArgumentException.class, () -> Tensor.ofBytes(ElementType.FLOAT32, half, 1));
  }

  @Test
  void refersToTheArray() {
    float[] values = {1, 2};
    Tensor tensor = Tensor.of(values);
    values[0] = 3;
    assertSame(values, tensor.floatArray());
    tensor.floatBuffer().put(1, 4);
    assertEquals(4, values[1]);
    double[] doubles = {1};
    assertSame(doubles, Tensor.of(doubles).doubleArray());
  }

  @Test
  void givesBytesAsTheyTravel() {
    byte[] one = {0, 0, (byte) 0x80, 0x3F};
    assertArrayEquals(one, Tensor.of(new float[] {1}).toBytes());
    FloatBuffer big = ByteBuffer.allocate(4).order(ByteOrder.BIG_ENDIAN).asFloatBuffer();
    assertArrayEquals(one, Tensor.of(big.put(0, 1)).toBytes());
    ByteBuffer bytes = ByteBuffer.wrap(one).order(ByteOrder.BIG_ENDIAN);
    Tensor tensor = Tensor.ofBytes(ElementType.FLOAT32, bytes, 1);
    assertArrayEquals(new float[] {1}, tensor.floatArray());
    assertArrayEquals(one, tensor.toBytes());
    assertArrayEquals(new byte[] {1, 0}, Tensor.ofMask(new boolean[] {true, false}, 2).toBytes());
  }

  @Test
  void knowsBitsOnlyOfSixteenBitTypes() {
    ShortBuffer bits = ShortBuffer.wrap(new short[] {0x3C00});
    assertEquals(2, Tensor.ofBits(ElementType.FLOAT16, bits, 1).bytes());
    assertThrows(IllegalArgumentException.class, () -> Tensor.ofBits(ElementType.FLOAT32, bits, 1));
    assertThrows(IllegalStateException.class, () -> Tensor.of(new float[1]).bitsArray());
    assertThrows(IllegalStateException.class, () -> Tensor.of(new float[1]).doubleArray());
  }
}
