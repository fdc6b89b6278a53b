package io.rectifier;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real server, RECTIFIERD, on addresses of its own. */
final class TestServer implements AutoCloseable {
  private static TestServer shared;

  private final Process process;
  private final Path folder;
  private final Map<String, String> addresses = new HashMap<>();

  TestServer(String... flags) {
    try {
      folder = Files.createTempDirectory("rectifier-java");
      process = start(folder, flags);
      readAddresses();
    } catch (IOException | InterruptedException error) {
      throw new IllegalStateException(error);
    }
  }

  /** One for all tests that need nothing special of it; it ends with this process. */
  static synchronized TestServer shared() {
    if (shared == null) {
      shared = new TestServer();
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
    }
    return shared;
  }

  String unixTarget() {
    return "unix:" + folder.resolve("rectifierd.sock");
  }

  String tcpTarget() {
    return addresses.get("grpc");
  }

  /** Asks for shutdown, which is not waited for. */
  void beginStop() {
    process.destroy();
  }

  /** The sum of all series of a metric whose labels contain the text. */
  double metric(String name, String labels) throws IOException, InterruptedException {
    URI address = URI.create("http://" + addresses.get("metrics") + "/metrics");
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    return response
        .body()
        .lines()
        .filter(line -> line.startsWith(name) && line.contains(labels))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    } catch (IOException | InterruptedException error) {
      throw new IllegalStateException(error);
    }
  }

  private static Process start(Path folder, String... flags) throws IOException {
    String path = System.getenv("RECTIFIERD");
    if (path == null) {
      throw new IllegalStateException("RECTIFIERD must be the path of the server");
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                path,
                "--listen=127.0.0.1:0,unix:" + folder.resolve("rectifierd.sock"),
                "--ports_file=" + folder.resolve("ports"),
                "--metrics_listen=127.0.0.1:0",
                "--drain_delay=0s"));
    command.addAll(List.of(flags));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private void readAddresses() throws IOException, InterruptedException {
    Path ports = folder.resolve("ports");
    for (int i = 0; !Files.exists(ports); ++i) {
      if (i == 3000 || !process.isAlive()) {
        throw new IllegalStateException(Files.readString(folder.resolve("log")));
      }
      Thread.sleep(10); // the file appears whole, once the server serves
    }
    for (String line : Files.readAllLines(ports)) {
      String[] words = line.split(" ", 2);
      addresses.putIfAbsent(words[0], words[1]);
    }
  }
}
