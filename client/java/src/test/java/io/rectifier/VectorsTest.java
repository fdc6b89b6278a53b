package io.rectifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** All of tests/conformance/vectors, through this client, to the last bit. */
class VectorsTest {
  private static final Map<String, TestServer> SERVERS = new HashMap<>();
  private static final Map<String, Client> CLIENTS = new HashMap<>();

  @AfterAll
  static void close() {
    CLIENTS.values().forEach(Client::close);
    SERVERS.values().forEach(TestServer::close);
  }

  @TestFactory
  Stream<DynamicContainer> vectors() throws IOException {
    Path folder = Path.of(System.getProperty("rectifier.vectors"));
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files = found.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
    assertFalse(files.isEmpty(), "no vectors in " + folder);
    List<DynamicContainer> containers = new ArrayList<>();
    for (Path file : files) {
      JsonObject content = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      List<DynamicTest> tests = new ArrayList<>();
      for (JsonElement vector : content.getAsJsonArray("cases")) {
        JsonObject fields = vector.getAsJsonObject();
        tests.add(
            DynamicTest.dynamicTest(fields.get("name").getAsString(), () -> run(content, fields)));
      }
      assertFalse(tests.isEmpty(), "no cases in " + file);
      containers.add(DynamicContainer.dynamicContainer(file.getFileName().toString(), tests));
    }
    return containers.stream();
  }

  private static void run(JsonObject file, JsonObject vector) throws Exception {
    String token = vector.has("token") ? vector.get("token").getAsString() : "";
    TestServer server = server(file);
    if (vector.has("request") || vector.has("stream")) {
      RectifierException error = RawCalls.failure(server.unixTarget(), vector);
      assertFailure(vector.getAsJsonObject("error"), error);
      return;
    }
    Client client =
        CLIENTS.computeIfAbsent(
            server.unixTarget() + " " + token, key -> client(server.unixTarget(), token));
    CallOptions options = CallOptions.DEFAULT;
    if (vector.has("timeout")) {
      long nanos = (long) (vector.get("timeout").getAsDouble() * 1e9);
      options = options.withTimeout(Duration.ofNanos(nanos));
    }
    evaluate(client, vector, options);
  }

  private static void evaluate(Client client, JsonObject vector, CallOptions options) {
    List<Evaluation> evaluations = VectorEvaluations.of(vector);
    if (vector.has("error")) {
      RectifierException error =
          assertThrows(RectifierException.class, () -> client.evaluateBatch(evaluations, options));
      assertFailure(vector.getAsJsonObject("error"), error);
      return;
    }
    JsonArray expected = vector.getAsJsonArray("results");
    List<Result> results = client.evaluateBatch(evaluations, options);
    assertEquals(expected.size(), results.size());
    for (int i = 0; i < results.size(); ++i) {
      assertResult(expected.get(i).getAsJsonObject(), results.get(i));
    }
  }

  private static void assertResult(JsonObject expected, Result result) {
    assertTensor(expected.get("value"), "value", () -> result.value());
    assertTensor(expected.get("second_derivative"), "second", () -> result.secondDerivative());
    if (expected.has("gradients")) {
      JsonArray gradients = expected.getAsJsonArray("gradients");
      assertEquals(gradients.size(), result.gradients().size());
      for (int i = 0; i < gradients.size(); ++i) {
        int index = i;
        assertTensor(gradients.get(i), "gradient " + i, () -> result.gradients().get(index));
      }
    } else {
      assertThrows(IllegalStateException.class, result::gradients);
    }
    Map<String, JsonElement> parameters =
        expected.has("parameter_gradients")
            ? expected.getAsJsonObject("parameter_gradients").asMap()
            : Map.of();
    assertEquals(parameters.keySet(), result.parameterGradients().keySet());
    parameters.forEach(
        (name, tensor) -> assertTensor(tensor, name, () -> result.parameterGradient(name)));
  }

  private static void assertTensor(
      JsonElement expected, String what, java.util.function.Supplier<Tensor> given) {
    if (expected == null) {
      assertThrows(IllegalStateException.class, given::get);
      return;
    }
    Tensor tensor = VectorEvaluations.tensor(expected.getAsJsonObject());
    assertEquals(tensor.toString(), given.get().toString(), what);
    byte[] bytes = given.get().toBytes();
    if (bytes.length > 1 << 16) { // too many to show
      assertTrue(Arrays.equals(tensor.toBytes(), bytes), what);
      return;
    }
    assertEquals(VectorEvaluations.hex(tensor.toBytes()), VectorEvaluations.hex(bytes), what);
  }

  private static void assertFailure(JsonObject expected, RectifierException error) {
    assertNotNull(expected, error.getMessage());
    assertEquals(expected.get("code").getAsString(), error.code().name(), error.getMessage());
    assertEquals(expected.get("reason").getAsString(), error.reason(), error.getMessage());
    List<String> fields =
        expected.getAsJsonArray("fields").asList().stream().map(JsonElement::getAsString).toList();
    assertEquals(fields, error.violations().stream().map(FieldViolation::field).toList());
    String element = expected.has("element") ? expected.get("element").getAsString() : null;
    assertEquals(element, error.metadata().get("element"));
    assertEquals(expected.get("retry").getAsBoolean(), error.retryDelay().isPresent());
    assertTrue(error.getMessage() != null && !error.getMessage().isEmpty());
    if (expected.has("says")) {
      for (JsonElement says : expected.getAsJsonArray("says")) {
        assertTrue(error.getMessage().contains(says.getAsString()), error.getMessage());
      }
    }
  }

  private static Client client(String target, String token) {
    Security security = token.isEmpty() ? Security.NONE : Security.NONE.withToken(token);
    return Client.builder().withTarget(target).withSecurity(security).withoutRetries().build();
  }

  private static TestServer server(JsonObject file) throws IOException {
    String key = file.get("server_flags") + " " + file.get("server_files");
    TestServer known = SERVERS.get(key);
    if (known != null) {
      return known;
    }
    Map<String, String> paths = new HashMap<>();
    for (var entry : file.getAsJsonObject("server_files").entrySet()) {
      Path path = Files.createTempFile("rectifier-java", entry.getKey());
      path.toFile().deleteOnExit();
      paths.put("{" + entry.getKey() + "}", path.toString());
      Files.writeString(path, entry.getValue().getAsString());
    }
    List<String> flags = new ArrayList<>();
    for (JsonElement flag : file.getAsJsonArray("server_flags")) {
      String text = flag.getAsString();
      for (Map.Entry<String, String> path : paths.entrySet()) {
        text = text.replace(path.getKey(), path.getValue());
      }
      flags.add(text);
    }
    TestServer server = new TestServer(flags.toArray(String[]::new));
    SERVERS.put(key, server);
    return server;
  }
}
