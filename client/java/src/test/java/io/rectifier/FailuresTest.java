package io.rectifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** How calls fail, and what the caller is told. */
class FailuresTest {
  private static final Evaluation RELU = Evaluation.of("relu", Tensor.of(new float[] {-1, 2}));

  @Test
  void namesTheFieldAndSuggests() {
    try (Client client = Client.connect(TestServer.shared().unixTarget())) {
      Tensor x = Tensor.of(new float[] {-1, 2});
      assertTells(client, Evaluation.of("gellu", x), "evaluations[0].activation.name", "\"gelu\"");
      assertTells(
          client,
          Evaluation.of("softplus", x).withArgument("betta", 1),
          "evaluations[0].activation.arguments[\"betta\"]",
          "\"beta\"");
      assertTells(
          client,
          Evaluation.of("softplus", x).withArgument("beta", -1),
          "evaluations[0].activation.arguments[\"beta\"]",
          "allowed: finite, in [1e-100");
      assertTells(
          client,
          Evaluation.of("prelu", x).withArgument("weight", Tensor.of(new float[3])),
          "evaluations[0].activation.arguments[\"weight\"].tensor",
          "broadcast");
      assertTells(
          client,
          Evaluation.of("softmax", x).withArgument("mask", Tensor.of(new float[] {0, -9})),
          "evaluations[0].activation.arguments[\"mask\"].tensor",
          "bias");
    }
  }

  @Test
  void hasTheStackOfTheCallerAndIsSerializable() throws Exception {
    try (Client client = Client.connect(TestServer.shared().unixTarget())) {
      InvalidArgumentException error =
          assertThrows(
              InvalidArgumentException.class,
              () -> client.evaluate(Evaluation.of("gellu", Tensor.of(new float[1]))));
      boolean isHere = false;
      for (StackTraceElement frame : error.getStackTrace()) {
        isHere |= frame.getClassName().equals(FailuresTest.class.getName());
      }
      assertTrue(isHere);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      new ObjectOutputStream(bytes).writeObject(error);
      Object copy =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
      RectifierException read = assertInstanceOf(InvalidArgumentException.class, copy);
      assertEquals(error.violations(), read.violations());
      assertEquals("UNKNOWN_ACTIVATION", read.reason());
      assertEquals(error.timeout(), read.timeout());
    }
  }

  /** A line at every connection, or for every frame of a stream that was refused, helps nobody. */
  @Test
  void logsNothing() {
    List<String> lines = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= Level.INFO.intValue()) {
              lines.add(line.getLoggerName() + ": " + line.getMessage());
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger.getLogger("").addHandler(handler);
    try (Client client = Client.connect(TestServer.shared().unixTarget())) {
      Tensor large = Tensor.of(new float[5 << 20]);
      assertThrows(
          InvalidArgumentException.class, () -> client.evaluate(Evaluation.of("gellu", large)));
      CompletableFuture<Result> future = client.evaluateAsync(Evaluation.of("gelu", large));
      future.cancel(true);
      client.evaluate(RELU);
    } finally {
      Logger.getLogger("").removeHandler(handler);
    }
    assertEquals(List.of(), lines);
  }

  @Test
  void namesTargetAndTimeoutWhereNobodyAnswers() {
    try (Client client = Client.connect("unix:/nowhere/rectifierd.sock")) {
      UnavailableException error =
          assertThrows(
              UnavailableException.class,
              () -> client.evaluate(RELU, CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(7))));
      assertTrue(error.getMessage().contains("unix:/nowhere/rectifierd.sock"), error.getMessage());
      assertTrue(error.getMessage().contains("timeout 7.0 s"), error.getMessage());
      assertTrue(error.getMessage().contains("FileNotFoundException"), error.getMessage());
      assertEquals("unix:/nowhere/rectifierd.sock", error.target());
    }
  }

  @Test
  void endsWithTheDeadline() throws Exception {
    try (FakeServer server = new FakeServer(/* answers= */ false);
        Client client =
            Client.builder()
                .withTarget(server.target())
                .withTimeout(Duration.ofSeconds(1))
                .build()) {
      CallOptions patient = CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(30));
      client.evaluate(Evaluation.of("relu", Tensor.of(new float[0])), patient); // which connects
      DeadlineExceededException error =
          assertThrows(DeadlineExceededException.class, () -> client.evaluate(RELU));
      assertTrue(error.getMessage().contains("timeout 1.0 s"), error.getMessage());
      assertEquals(Duration.ofSeconds(1), error.timeout().orElseThrow());
      assertTrue(server.cancelled.await(60, TimeUnit.SECONDS));
      CallOptions shorter = CallOptions.DEFAULT.withTimeout(Duration.ofNanos(1));
      assertThrows(DeadlineExceededException.class, () -> client.evaluate(RELU, shorter));
    }
  }

  @Test
  void cancelsTheCallWithItsFuture() throws Exception {
    try (FakeServer server = new FakeServer(/* answers= */ false);
        Client client = Client.connect(server.target())) {
      CompletableFuture<Result> future = client.evaluateAsync(RELU);
      assertTrue(server.arrived.await(60, TimeUnit.SECONDS));
      assertTrue(future.cancel(true));
      assertTrue(server.cancelled.await(60, TimeUnit.SECONDS));
      assertThrows(CancellationException.class, future::get);
    }
  }

  @Test
  void cancelsTheCallOfAThreadThatIsInterrupted() throws Exception {
    try (FakeServer server = new FakeServer(/* answers= */ false);
        Client client = Client.connect(server.target())) {
      AtomicReference<Throwable> end = new AtomicReference<>();
      AtomicReference<Boolean> isInterrupted = new AtomicReference<>();
      Thread caller =
          new Thread(
              () -> {
                end.set(assertThrows(CancelledException.class, () -> client.evaluate(RELU)));
                isInterrupted.set(Thread.currentThread().isInterrupted());
              });
      caller.start();
      assertTrue(server.arrived.await(60, TimeUnit.SECONDS));
      caller.interrupt();
      caller.join(60_000);
      assertTrue(server.cancelled.await(60, TimeUnit.SECONDS));
      assertInstanceOf(CancelledException.class, end.get());
      assertEquals(true, isInterrupted.get());
    }
  }

  @Test
  void endsCallsThatAreUnderWayWhenTheClientIsClosed() throws Exception {
    try (FakeServer server = new FakeServer(/* answers= */ false)) {
      Client client = Client.connect(server.target());
      CompletableFuture<Result> future = client.evaluateAsync(RELU);
      assertTrue(server.arrived.await(60, TimeUnit.SECONDS));
      client.close();
      ExecutionException error = assertThrows(ExecutionException.class, future::get);
      CancelledException cause = assertInstanceOf(CancelledException.class, error.getCause());
      assertTrue(cause.getMessage().startsWith("the client was closed"), cause.getMessage());
      assertThrows(CancelledException.class, () -> client.evaluate(RELU));
    }
  }

  @Test
  void triesAgainWhereThatMakesSense() throws Exception {
    try (FakeServer server = new FakeServer(/* answers= */ true);
        Client client = Client.connect(server.target());
        Client once = Client.builder().withTarget(server.target()).withoutRetries().build()) {
      server.failures.add(Status.UNAVAILABLE.asRuntimeException());
      server.failures.add(FakeServer.pushback(Status.RESOURCE_EXHAUSTED, "1"));
      assertArrayEquals(new float[] {-1, 2}, client.evaluate(RELU).value().floatArray());
      assertEquals(3, server.headers.size());
      server.failures.add(FakeServer.pushback(Status.RESOURCE_EXHAUSTED, "-1")); // do not
      assertThrows(ResourceExhaustedException.class, () -> client.evaluate(RELU));
      server.failures.add(Status.UNAVAILABLE.asRuntimeException());
      assertThrows(UnavailableException.class, () -> once.evaluate(RELU));
      server.failures.add(Status.INVALID_ARGUMENT.asRuntimeException());
      assertThrows(InvalidArgumentException.class, () -> client.evaluate(RELU));
      assertEquals(6, server.headers.size());
      server.failures.add(Status.UNIMPLEMENTED.withDescription("not here").asRuntimeException());
      RectifierException other =
          assertThrows(RectifierException.class, () -> client.evaluate(RELU));
      assertEquals(Status.Code.UNIMPLEMENTED, other.code());
    }
  }

  @Test
  void cancelsAStreamWithItsFuture() throws Exception {
    try (FakeServer server = new FakeServer(/* answers= */ false);
        Client client = Client.connect(server.target())) {
      Evaluation large = Evaluation.of("relu", Tensor.of(new float[5 << 20]));
      CompletableFuture<Result> future = client.evaluateAsync(large);
      assertTrue(server.arrived.await(60, TimeUnit.SECONDS));
      assertTrue(future.cancel(true));
      assertTrue(server.cancelled.await(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void triesStreamsAgain() throws Exception {
    try (FakeServer server = new FakeServer(/* answers= */ true);
        Client client = Client.connect(server.target())) {
      float[] values = new float[5 << 20];
      values[5 << 19] = 7;
      Evaluation large = Evaluation.of("relu", Tensor.of(values));
      server.failures.add(FakeServer.pushback(Status.RESOURCE_EXHAUSTED, "1"));
      server.failures.add(Status.UNAVAILABLE.asRuntimeException());
      assertArrayEquals(values, client.evaluate(large).value().floatArray());
      assertEquals(4, server.headers.size()); // GetServerInfo, and three streams
      client.evaluate(large);
      assertEquals(5, server.headers.size()); // the limits are known
    }
  }

  @Test
  void noticesResultsThatMakeNoSense() throws Exception {
    try (FakeServer server = new FakeServer(/* answers= */ true);
        Client client = Client.connect(server.target())) {
      InternalException unary =
          assertThrows(
              InternalException.class,
              () -> client.evaluate(RELU.withQuantities(Quantity.GRADIENT)));
      assertTrue(unary.getMessage().contains("VALUE"), unary.getMessage());
      Evaluation large = Evaluation.of("relu", Tensor.of(new float[5 << 20]));
      assertThrows(
          InternalException.class, () -> client.evaluate(large.withQuantities(Quantity.GRADIENT)));
    }
  }

  private static void assertTells(
      Client client, Evaluation evaluation, String field, String suggestion) {
    InvalidArgumentException error =
        assertThrows(InvalidArgumentException.class, () -> client.evaluate(evaluation));
    assertEquals(field, error.violations().get(0).field());
    assertTrue(error.getMessage().startsWith(field + ": "), error.getMessage());
    assertTrue(error.getMessage().contains(suggestion), error.getMessage());
  }
}
