package io.rectifier;

import static io.rectifier.Quantity.GRADIENT;
import static io.rectifier.Quantity.PARAMETER_GRADIENT;
import static io.rectifier.Quantity.SECOND_DERIVATIVE;
import static io.rectifier.Quantity.VALUE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is above 4 MiB goes by streams, with the same bits and the same errors. */
class StreamTest {
  private static final int BLOCK = 1 << 16;
  private static final int LARGE = 6 << 20; // of float32: 24 MiB
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
  void givesTheBitsThatOneMessageGives() throws Exception {
    Evaluation small = Evaluation.of("gelu", Tensor.of(block()));
    Evaluation large = Evaluation.of("gelu", Tensor.of(blocks(LARGE), LARGE / 1024, 1024));
    Quantity[] all = {VALUE, GRADIENT, SECOND_DERIVATIVE};
    final double before = streams();
    Result one = client.evaluate(small.withQuantities(all));
    assertEquals(before, streams());
    Result many = client.evaluate(large.withQuantities(all));
    assertEquals(before + 1, streams());
    assertBlocks(one.value(), many.value());
    assertBlocks(one.gradient(), many.gradient());
    assertBlocks(one.secondDerivative(), many.secondDerivative());
    assertArrayEquals(new long[] {LARGE / 1024, 1024}, many.value().shape());
  }

  @Test
  void streamsPairsUpstreamAndParameterGradients() {
    Tensor x = Tensor.of(blocks(LARGE), LARGE / 1024, 1024);
    Tensor ones = Tensor.of(filled(LARGE, 1), LARGE / 1024, 1024);
    Result pair =
        client.evaluate(
            Evaluation.of("glu", x, ones)
                .withArgument("gate", "first")
                .withUpstream(ones)
                .withQuantities(VALUE, GRADIENT));
    Result small =
        client.evaluate(
            Evaluation.of("glu", Tensor.of(block()), Tensor.of(filled(BLOCK, 1)))
                .withArgument("gate", "first")
                .withQuantities(VALUE, GRADIENT));
    assertBlocks(small.value(), pair.value());
    assertBlocks(small.gradients().get(0), pair.gradients().get(0));
    assertBlocks(small.gradients().get(1), pair.gradients().get(1));
    Tensor slopes = Tensor.of(new double[] {0.25});
    Result slope =
        client.evaluate(
            Evaluation.of("prelu", Tensor.of(filled(LARGE, -1)))
                .withArgument("weight", slopes)
                .withQuantities(PARAMETER_GRADIENT));
    assertArrayEquals(new double[] {-LARGE}, slope.parameterGradient("weight").doubleArray());
  }

  @Test
  void streamsRowsThatGiveLessThanTheyTake() {
    Tensor x = Tensor.of(filled(LARGE, 0), LARGE / 4, 4);
    Tensor upstream = Tensor.of(filled(LARGE / 4, 8), LARGE / 4);
    Result result =
        client.evaluate(
            Evaluation.of("logsumexp", x).withUpstream(upstream).withQuantities(VALUE, GRADIENT));
    assertArrayEquals(filled(LARGE / 4, (float) Math.log(4)), result.value().floatArray());
    assertArrayEquals(filled(LARGE, 2), result.gradient().floatArray());
  }

  @Test
  void cutsBatchesIntoMessagesAndStreams() {
    Tensor shared = Tensor.of(blocks(1 << 20)); // 4 MiB
    Tensor large = Tensor.of(blocks(3 * LARGE)); // 72 MiB
    Evaluation gelu = Evaluation.of("gelu", shared);
    Evaluation streamed = Evaluation.of("gelu", large);
    List<Result> results =
        client.evaluateBatch(List.of(gelu, streamed, gelu, gelu, gelu.withQuantities(GRADIENT)));
    Result small = client.evaluate(Evaluation.of("gelu", Tensor.of(block())));
    for (Result result : results.subList(0, 4)) {
      assertBlocks(small.value(), result.value());
    }
    assertThrows(IllegalStateException.class, () -> results.get(4).value());
    assertEquals(1 << 20, results.get(4).gradient().elements());
  }

  @Test
  void namesTheFieldOfTheCallersEvaluation() {
    Tensor large = Tensor.of(new float[LARGE]);
    Evaluation good = Evaluation.of("relu", large);
    InvalidArgumentException name = refused(List.of(good, Evaluation.of("gellu", large)));
    assertEquals("evaluations[1].activation.name", name.violations().get(0).field());
    assertEquals("UNKNOWN_ACTIVATION", name.reason());
    assertTrue(name.getMessage().startsWith("evaluations[1].activation.name: "), name.getMessage());
    assertTrue(name.getMessage().contains("did you mean \"gelu\""), name.getMessage());
    Evaluation slope = Evaluation.of("elu", large).withArgument("alpha", Double.NaN);
    assertEquals(
        "evaluations[0].activation.arguments[\"alpha\"]",
        refused(List.of(slope)).violations().get(0).field());
    // The second request of the batch, whose first evaluation is the caller's third.
    Tensor half = Tensor.of(new float[3 << 20]);
    Evaluation small = Evaluation.of("relu", half);
    InvalidArgumentException third = refused(List.of(small, good, Evaluation.of("gellu", half)));
    assertEquals("evaluations[2].activation.name", third.violations().get(0).field());
  }

  @Test
  void refusesBeforeTheUploadWhatDoesNotFit() {
    Tensor large = Tensor.of(new float[LARGE]);
    Evaluation relu = Evaluation.of("relu", large);
    InvalidArgumentException shape =
        refused(List.of(relu.withUpstream(Tensor.of(new float[LARGE], LARGE / 2, 2))));
    assertEquals("evaluations[0].upstream", shape.violations().get(0).field());
    assertEquals("SHAPE_MISMATCH", shape.reason());
    InvalidArgumentException type =
        refused(List.of(relu.withUpstream(Tensor.of(new double[LARGE]))));
    assertEquals("ELEMENT_TYPE_MISMATCH", type.reason());
    Tensor other = Tensor.of(new float[LARGE], 2, LARGE / 2);
    InvalidArgumentException pair = refused(List.of(Evaluation.of("glu", large, other)));
    assertEquals("evaluations[0].inputs[1]", pair.violations().get(0).field());
  }

  @Test
  void keepsToTheLimitsOfTheServer() {
    try (TestServer server =
            new TestServer("--max_message_bytes=2MiB", "--max_elements=1048576", "--max_rank=2");
        Client small = Client.connect(server.unixTarget())) {
      Tensor x = Tensor.of(blocks(2 << 20)); // 8 MiB, too large for a message of this server
      Result result = small.evaluate(Evaluation.of("gelu", x));
      assertBlocks(
          client.evaluate(Evaluation.of("gelu", Tensor.of(block()))).value(), result.value());
      Evaluation slopes = Evaluation.of("prelu", x).withArgument("weight", x);
      InvalidArgumentException elements =
          assertThrows(InvalidArgumentException.class, () -> small.evaluate(slopes));
      assertEquals("TOO_MANY_ELEMENTS", elements.reason());
      assertEquals(
          "evaluations[0].activation.arguments[\"weight\"].tensor",
          elements.violations().get(0).field());
      Tensor million = Tensor.of(new double[1 << 20]);
      InvalidArgumentException size =
          assertThrows(
              InvalidArgumentException.class,
              () ->
                  small.evaluate(Evaluation.of("prelu", million).withArgument("weight", million)));
      assertEquals("ARGUMENTS_TOO_LARGE", size.reason());
      assertTrue(size.getMessage().contains("--max_message_bytes"), size.getMessage());
      Tensor deep = Tensor.of(new float[1 << 19], 1, 1 << 19, 1);
      InvalidArgumentException rank =
          assertThrows(
              InvalidArgumentException.class, () -> small.evaluate(Evaluation.of("relu", deep)));
      assertEquals("RANK_TOO_HIGH", rank.reason());
    }
  }

  @Test
  void sendsRowsThatAreTooLongForAStreamInOneMessage() {
    try (TestServer server = new TestServer("--max_message_bytes=32MiB");
        Client small = Client.connect(server.unixTarget())) {
      Tensor x = Tensor.of(filled(5 << 20, 1)); // 20 MiB, and 40 MiB in and out
      Result result = small.evaluate(Evaluation.of("softmax", x));
      assertEquals(1f / (5 << 20), result.value().floatArray()[7], 1e-12f);
      InvalidArgumentException error =
          assertThrows(
              InvalidArgumentException.class,
              () -> small.evaluate(Evaluation.of("softmax", x).withQuantities(VALUE, GRADIENT)));
      assertEquals("REPLY_TOO_LARGE", error.reason());
    }
  }

  /** 1 GiB in, 1 GiB out, outside the heap, which is far smaller: see the POM's argLine. */
  @Test
  void takesOneGibibyteInBoundedMemory() {
    assertTrue(Runtime.getRuntime().maxMemory() < 700L << 20, "the heap is to be small");
    int elements = 1 << 28;
    FloatBuffer x = direct(elements);
    FloatBuffer y = direct(elements);
    FloatBuffer block = FloatBuffer.wrap(block());
    for (int i = 0; i < elements; i += BLOCK) {
      x.put(i, block, 0, BLOCK);
    }
    CallOptions patient = CallOptions.DEFAULT.withTimeout(Duration.ofMinutes(10)); // a busy machine
    client.evaluate(Evaluation.of("gelu", Tensor.of(x)).withDestination(VALUE, y), patient);
    Result one = client.evaluate(Evaluation.of("gelu", Tensor.of(block())));
    FloatBuffer expected = FloatBuffer.wrap(one.value().floatArray());
    for (int i = 0; i < elements; i += BLOCK) {
      assertEquals(-1, expected.mismatch(y.slice(i, BLOCK)), "at " + i);
    }
  }

  /** Results come while elements are still to be sent, but only those of what has been sent. */
  @Test
  void takesTheInputForItsDestination() {
    FloatBuffer x = FloatBuffer.wrap(blocks(LARGE));
    Evaluation evaluation = Evaluation.of("softplus", Tensor.of(x));
    float[] expected = client.evaluate(evaluation).value().floatArray();
    client.evaluate(evaluation.withDestination(VALUE, x));
    assertEquals(-1, FloatBuffer.wrap(expected).mismatch(x));
    ByteBuffer bytes = ByteBuffer.allocateDirect(4 * LARGE).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(blocks(LARGE));
    Tensor direct = Tensor.ofBytes(ElementType.FLOAT32, bytes, LARGE);
    client.evaluate(Evaluation.of("softplus", direct).withDestination(VALUE, bytes));
    assertEquals(-1, FloatBuffer.wrap(expected).mismatch(bytes.asFloatBuffer()));
  }

  /** A result that would overwrite what has not been sent waits until all has been. */
  @Test
  void takesDestinationsThatOverlapTheInput() {
    float[] expected =
        client.evaluate(Evaluation.of("softplus", Tensor.of(blocks(LARGE)))).value().floatArray();
    int shift = LARGE / 2;
    for (int from : new int[] {0, shift}) {
      float[] both = new float[LARGE + shift];
      System.arraycopy(blocks(LARGE), 0, both, from, LARGE);
      FloatBuffer x = FloatBuffer.wrap(both, from, LARGE);
      FloatBuffer y = FloatBuffer.wrap(both, shift - from, LARGE);
      Evaluation evaluation = Evaluation.of("softplus", Tensor.of(x));
      Result result = client.evaluate(evaluation.withDestination(VALUE, y));
      assertEquals(-1, FloatBuffer.wrap(expected).mismatch(y), "from " + from);
      assertEquals(-1, y.mismatch(result.value().floatBuffer()));
    }
  }

  /** Of a batch that goes in several calls; whether direct buffers overlap cannot be seen. */
  @Test
  void readsWhatWasGivenWhereAResultTakesTheInputOfALaterEvaluation() {
    try (TestServer server = new TestServer("--max_message_bytes=8MiB");
        Client small = Client.connect(server.unixTarget())) {
      FloatBuffer x = direct(LARGE);
      x.put(0, filled(LARGE, -2));
      Evaluation relu = Evaluation.of("relu", Tensor.of(x)).withDestination(VALUE, x.duplicate());
      Evaluation abs = Evaluation.of("abs", Tensor.of(x.slice(0, LARGE)));
      List<Result> results = small.evaluateBatch(List.of(relu, abs));
      assertEquals(2, results.get(1).value().floatArray()[LARGE - 1]);
      assertEquals(0, x.get(LARGE - 1));
      assertEquals(0, results.get(0).value().floatBuffer().get(LARGE - 1));
    }
  }

  private static InvalidArgumentException refused(List<Evaluation> evaluations) {
    return assertThrows(InvalidArgumentException.class, () -> client.evaluateBatch(evaluations));
  }

  private static double streams() throws Exception {
    return TestServer.shared()
        .metric("grpc_server_started_total", "grpc_method=\"EvaluateStream\"");
  }

  private static FloatBuffer direct(int elements) {
    return ByteBuffer.allocateDirect(4 * elements).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /** Numbers of many kinds, none of them a NaN. */
  private static float[] block() {
    float[] block = new float[BLOCK];
    for (int i = 0; i < BLOCK; ++i) {
      block[i] = (i - BLOCK / 2) / 4096f;
    }
    return block;
  }

  private static float[] blocks(int elements) {
    float[] block = block();
    float[] blocks = new float[elements];
    for (int i = 0; i < elements; i += BLOCK) {
      System.arraycopy(block, 0, blocks, i, BLOCK);
    }
    return blocks;
  }

  private static float[] filled(int elements, float with) {
    float[] values = new float[elements];
    Arrays.fill(values, with);
    return values;
  }

  private static void assertBlocks(Tensor block, Tensor blocks) {
    FloatBuffer expected = block.floatBuffer();
    FloatBuffer given = blocks.floatBuffer();
    for (int i = 0; i < given.limit(); i += BLOCK) {
      assertEquals(-1, expected.mismatch(given.slice(i, BLOCK)), "at " + i);
    }
  }
}
