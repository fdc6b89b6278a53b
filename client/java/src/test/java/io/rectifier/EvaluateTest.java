package io.rectifier;

import static io.rectifier.Quantity.GRADIENT;
import static io.rectifier.Quantity.PARAMETER_GRADIENT;
import static io.rectifier.Quantity.SECOND_DERIVATIVE;
import static io.rectifier.Quantity.VALUE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EvaluateTest {
  private static final float[] X = {-2, -0.5f, 0.5f, 2};
  private static Client client;

  @BeforeAll
  static void connect() {
    client = Client.connect(TestServer.shared().unixTarget());
  }

  @AfterAll
  static void close() {
    client.close();
  }

  @Test
  void givesAllQuantitiesInOnePass() {
    Result result =
        client.evaluate(
            Evaluation.of("elu", Tensor.of(X, 2, 2))
                .withQuantities(VALUE, GRADIENT, SECOND_DERIVATIVE));
    float expected = (float) Math.expm1(-2);
    assertEquals(expected, result.value().floatArray()[0]);
    assertArrayEquals(new long[] {2, 2}, result.value().shape());
    assertArrayEquals(new float[] {1, 1}, tail(result.gradient().floatArray()));
    assertArrayEquals(new float[] {0, 0}, tail(result.secondDerivative().floatArray()));
    assertEquals(ElementType.FLOAT32, result.value().elementType());
    assertEquals(
        "Result(value: Tensor(float32[2, 2]), gradients[0]: Tensor(float32[2, 2]), second"
            + " derivative: Tensor(float32[2, 2]))",
        result.toString());
  }

  @Test
  void callsOverTcpAsOverUnixSockets() {
    try (Client tcp = Client.connect(TestServer.shared().tcpTarget())) {
      Evaluation evaluation = Evaluation.of("gelu", Tensor.of(X));
      assertArrayEquals(
          client.evaluate(evaluation).value().floatArray(),
          tcp.evaluate(evaluation).value().floatArray());
    }
  }

  @Test
  void takesArgumentsOfEveryForm() {
    Tensor x = Tensor.of(new double[] {-1, -1, 1, 1}, 2, 2);
    Tensor slopes = Tensor.of(new double[] {0.25, 0.5});
    Evaluation number = Evaluation.of("leaky_relu", x).withArgument("negative_slope", 0.5);
    Evaluation perRow =
        Evaluation.of("prelu", x).withArgument("weight", Argument.perChannel(slopes, 0));
    Evaluation broadcast = Evaluation.of("prelu", x).withArgument("weight", slopes);
    List<Result> results = client.evaluateBatch(List.of(number, perRow, broadcast));
    assertArrayEquals(new double[] {-0.5, -0.5, 1, 1}, results.get(0).value().doubleArray());
    assertArrayEquals(new double[] {-0.25, -0.25, 1, 1}, results.get(1).value().doubleArray());
    assertArrayEquals(new double[] {-0.25, -0.5, 1, 1}, results.get(2).value().doubleArray());
  }

  @Test
  void contractsWithUpstreamAndGivesParameterGradients() {
    Evaluation evaluation =
        Evaluation.of("prelu", Tensor.of(X, 2, 2))
            .withArgument("weight", Argument.perChannel(Tensor.of(new double[] {0.25, 0.5}), 1))
            .withUpstream(Tensor.of(new float[] {10, 10, 10, 10}, 2, 2))
            .withQuantities(GRADIENT, PARAMETER_GRADIENT);
    Result result = client.evaluate(evaluation);
    assertArrayEquals(new float[] {2.5f, 5, 10, 10}, result.gradient().floatArray());
    assertArrayEquals(new double[] {-20, -5}, result.parameterGradient("weight").doubleArray());
    assertThrows(IllegalStateException.class, result::value);
    assertThrows(IllegalStateException.class, () -> result.parameterGradient("beta"));
  }

  @Test
  void takesPairsWordsAndMasks() {
    Tensor gate = Tensor.of(new double[] {0, 0});
    Tensor value = Tensor.of(new double[] {5, 7});
    Result pair =
        client.evaluate(
            Evaluation.of("glu", gate, value)
                .withArgument("gate", "first")
                .withQuantities(VALUE, GRADIENT));
    assertArrayEquals(new double[] {2.5, 3.5}, pair.value().doubleArray());
    assertArrayEquals(new double[] {1.25, 1.75}, pair.gradients().get(0).doubleArray());
    assertThrows(IllegalStateException.class, pair::gradient);
    Tensor kept = Tensor.ofMask(new boolean[] {true, false}, 2);
    Result rows = client.evaluate(Evaluation.of("softmax", gate).withArgument("mask", kept));
    assertArrayEquals(new double[] {1, 0}, rows.value().doubleArray());
  }

  @Test
  void takesSixteenBitTypesAsTheirBits() {
    short[] half = {(short) 0xBC00, 0x3C00}; // -1, 1
    Result result = client.evaluate(Evaluation.of("relu", Tensor.ofFloat16(half, 2)));
    assertArrayEquals(new short[] {0, 0x3C00}, result.value().bitsArray());
    assertEquals(ElementType.FLOAT16, result.value().elementType());
    short[] brain = {(short) 0xBF80, 0x3F80};
    Result other = client.evaluate(Evaluation.of("relu", Tensor.ofBfloat16(brain, 2)));
    assertArrayEquals(new short[] {0, 0x3F80}, other.value().bitsArray());
    assertThrows(IllegalStateException.class, () -> other.value().floatArray());
  }

  @Test
  void takesBuffersOfAnyOrderAndLeavesThemAsTheyAre() {
    FloatBuffer big = ByteBuffer.allocateDirect(24).order(ByteOrder.BIG_ENDIAN).asFloatBuffer();
    big.put(new float[] {9, -2, -0.5f, 0.5f, 2, 9}).position(1).limit(5);
    DoubleBuffer doubles = DoubleBuffer.wrap(new double[] {-2, 2});
    List<Result> results =
        client.evaluateBatch(
            List.of(
                Evaluation.of("relu", Tensor.of(big)),
                Evaluation.of("relu", Tensor.of(doubles)),
                Evaluation.of("relu", Tensor.ofBytes(ElementType.FLOAT32, littleEndian(), 4))));
    assertArrayEquals(new float[] {0, 0, 0.5f, 2}, results.get(0).value().floatArray());
    assertArrayEquals(new double[] {0, 2}, results.get(1).value().doubleArray());
    assertArrayEquals(new float[] {0, 0, 0.5f, 2}, results.get(2).value().floatArray());
    assertEquals(1, big.position());
    assertEquals(5, big.limit());
  }

  @Test
  void putsResultsIntoDirectBuffers() {
    FloatBuffer value = ByteBuffer.allocateDirect(24).asFloatBuffer(); // big-endian
    value.position(1).limit(5);
    ByteBuffer gradient = ByteBuffer.allocateDirect(16);
    Result result =
        client.evaluate(
            Evaluation.of("relu", Tensor.of(X))
                .withQuantities(VALUE, GRADIENT)
                .withDestination(VALUE, value)
                .withDestination(GRADIENT, gradient));
    assertEquals(2, value.get(4));
    assertEquals(1, value.position());
    assertEquals(0, value.duplicate().clear().get(5));
    assertArrayEquals(new float[] {0, 0, 0.5f, 2}, result.value().floatArray());
    assertEquals(1, gradient.order(ByteOrder.LITTLE_ENDIAN).getFloat(8));
  }

  @Test
  void refusesDestinationsThatDoNotFit() {
    Evaluation evaluation = Evaluation.of("relu", Tensor.of(X));
    FloatBuffer small = FloatBuffer.allocate(3);
    InvalidArgumentException error =
        assertThrows(
            InvalidArgumentException.class,
            () -> client.evaluate(evaluation.withDestination(VALUE, small)));
    assertEquals(
        "evaluations[0].destinations: VALUE has 16 bytes; the buffer has room for 12",
        error.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> evaluation.withDestination(VALUE, DoubleBuffer.allocate(4)));
    assertThrows(
        IllegalArgumentException.class,
        () -> evaluation.withDestination(VALUE, FloatBuffer.allocate(4).asReadOnlyBuffer()));
  }

  @Test
  void takesScalarsAndEmptyTensors() {
    Tensor scalar = Tensor.of(new double[] {-3}, new long[0]);
    Result result = client.evaluate(Evaluation.of("relu", scalar));
    assertEquals(0, result.value().rank());
    assertArrayEquals(new double[] {0}, result.value().doubleArray());
    Tensor empty = Tensor.of(new float[0], 0, 3);
    Result none = client.evaluate(Evaluation.of("relu", empty).withQuantities(VALUE, GRADIENT));
    assertArrayEquals(new long[] {0, 3}, none.value().shape());
    assertEquals(0, none.gradient().elements());
  }

  @Test
  void takesPresets() {
    Tensor x = Tensor.of(new float[] {0});
    Evaluation gradient = Evaluation.of("gelu", Tensor.of(X));
    float[] exact = client.evaluate(gradient).value().floatArray();
    float[] tanh = client.evaluate(gradient.withPreset("jax")).value().floatArray();
    assertTrue(exact[0] != tanh[0]);
    assertEquals("jax", gradient.withPreset("jax").preset());
    assertEquals(0, client.evaluate(Evaluation.of("nn.ReLU", x)).value().floatArray()[0]);
  }

  @Test
  void givesFuturesForEveryCall() throws Exception {
    Evaluation evaluation = Evaluation.of("relu", Tensor.of(X));
    float[] later =
        client
            .evaluateAsync(evaluation)
            .thenApply(result -> result.value().floatArray())
            .get(60, TimeUnit.SECONDS);
    assertArrayEquals(new float[] {0, 0, 0.5f, 2}, later);
    List<Result> both =
        client.evaluateBatchAsync(List.of(evaluation, evaluation)).get(60, TimeUnit.SECONDS);
    assertEquals(2, both.size());
  }

  @Test
  void returnsTheArrayOfATensorWithoutACopy() {
    Tensor value = client.evaluate(Evaluation.of("relu", Tensor.of(X))).value();
    assertSame(value.floatArray(), value.floatArray());
    Tensor part = Tensor.of(FloatBuffer.wrap(X, 1, 2));
    assertArrayEquals(new float[] {-0.5f, 0.5f}, part.floatArray());
  }

  private static ByteBuffer littleEndian() {
    ByteBuffer bytes = ByteBuffer.allocateDirect(16).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(X);
    return bytes.order(ByteOrder.BIG_ENDIAN);
  }

  private static float[] tail(float[] values) {
    return new float[] {values[2], values[3]};
  }
}
