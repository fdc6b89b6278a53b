package io.rectifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.rectifier.v1.ActivationDescription;
import io.rectifier.v1.ActivationKind;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Targets, channels, and what the server tells about itself. */
class ClientTest {
  private static final Evaluation RELU = Evaluation.of("relu", Tensor.of(new float[] {-1, 2}));
  private static final String CALLS = "grpc_server_handled_total";
  private static final String EVALUATE_OK = "grpc_code=\"OK\",grpc_method=\"Evaluate\"";

  @Test
  void goesRoundAllServersAndRidesOutTheEndOfOne() throws Exception {
    try (TestServer first = new TestServer();
        TestServer second = new TestServer();
        Client client = Client.connect("ipv4:" + first.tcpTarget() + "," + second.tcpTarget())) {
      while (evaluations(first) == 0 || evaluations(second) == 0) {
        client.evaluate(RELU); // until both are connected
      }
      double before = evaluations(first) + evaluations(second);
      double beforeFirst = evaluations(first);
      for (int i = 0; i < 40; ++i) {
        client.evaluate(RELU);
      }
      assertEquals(before + 40, evaluations(first) + evaluations(second));
      assertEquals(beforeFirst + 20, evaluations(first), 1);
      first.beginStop();
      for (int i = 0; i < 200; ++i) {
        client.evaluate(RELU);
      }
    }
  }

  @Test
  void sendsMetadataWithTheCallsThatHaveIt() throws Exception {
    try (FakeServer server = new FakeServer(/* answers= */ true);
        Client client = Client.connect(server.target())) {
      client.evaluate(RELU, CallOptions.DEFAULT.withMetadata("x-request-id", "7"));
      client.evaluate(RELU);
      Metadata.Key<String> id = Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
      assertEquals("7", server.headers.remove().get(id));
      assertEquals(null, server.headers.remove().get(id));
      assertThrows(
          IllegalArgumentException.class, () -> CallOptions.DEFAULT.withMetadata("a key", "7"));
    }
  }

  @Test
  void takesAChannelOfTheCallersAndLeavesItOpen() {
    ManagedChannel channel =
        Grpc.newChannelBuilder(TestServer.shared().tcpTarget(), InsecureChannelCredentials.create())
            .build();
    try {
      try (Client client = Client.builder().withChannel(channel).build()) {
        assertArrayEquals(new float[] {0, 2}, client.evaluate(RELU).value().floatArray());
      }
      assertTrue(!channel.isShutdown());
      Channel same = channel;
      assertThrows(
          IllegalArgumentException.class,
          () -> Client.builder().withChannel(same).withTarget("localhost:1").build());
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void tellsTheCatalogue() throws Exception {
    try (Client client = Client.connect(TestServer.shared().unixTarget())) {
      List<ActivationDescription> all = client.listActivations();
      assertTrue(all.size() > 30);
      assertEquals(all, client.listActivationsAsync().get(60, TimeUnit.SECONDS));
      ActivationDescription gelu = client.describe("gelu");
      assertEquals(ActivationKind.ACTIVATION_KIND_ELEMENTWISE, gelu.getKind());
      assertEquals("silu", client.describe("swish").getAliasesList().isEmpty() ? "" : "silu");
      assertEquals("relu", client.describe("torch.nn.relu").getName());
      InvalidArgumentException error =
          assertThrows(InvalidArgumentException.class, () -> client.describe("gellu"));
      assertTrue(error.getMessage().contains("did you mean \"gelu\""), error.getMessage());
    }
  }

  @Test
  void tellsAboutTheServer() throws Exception {
    try (Client client = Client.connect(TestServer.shared().unixTarget())) {
      assertTrue(client.serverInfo().getLimits().getMaxMessageBytes() > 0);
      assertTrue(client.serverInfoAsync().get(60, TimeUnit.SECONDS).getThreads() > 0);
      assertEquals(HealthStatus.SERVING, client.health());
      assertEquals(HealthStatus.SERVING, client.healthAsync().get(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void servesManyThreads() throws Exception {
    try (Client client = Client.connect(TestServer.shared().unixTarget())) {
      var calls =
          java.util.stream.IntStream.range(0, 200)
              .mapToObj(
                  i -> client.evaluateAsync(Evaluation.of("relu", Tensor.of(new float[] {i}))))
              .toList();
      for (int i = 0; i < calls.size(); ++i) {
        assertEquals(i, calls.get(i).get(60, TimeUnit.SECONDS).value().floatArray()[0]);
      }
    }
  }

  private static double evaluations(TestServer server) throws Exception {
    return server.metric(CALLS, EVALUATE_OK);
  }
}
