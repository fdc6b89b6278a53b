package io.rectifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecurityTest {
  private static final String TOKEN = "a-token-for-the-tests";
  private static final Evaluation RELU = Evaluation.of("relu", Tensor.of(new float[] {-1, 2}));

  @TempDir static Path folder;
  private static TestServer tls;
  private static TestServer mutual;
  private static TestServer tokens;

  @BeforeAll
  static void startServers() throws Exception {
    makeAuthority();
    makeCertificate("server", "DNS:rectifier.example");
    makeCertificate("local", "DNS:localhost,IP:127.0.0.1");
    makeCertificate("client", "DNS:client.example");
    tls = new TestServer(certificate("server"), key("server"));
    mutual =
        new TestServer(certificate("local"), key("local"), "--tls_client_ca=" + file("ca.crt"));
    Files.writeString(folder.resolve("tokens"), "tester plain:" + TOKEN + "\n");
    tokens = new TestServer(certificate("local"), key("local"), "--tokens_file=" + file("tokens"));
  }

  @AfterAll
  static void stopServers() {
    tls.close();
    mutual.close();
    tokens.close();
  }

  @Test
  void trustsTheAuthorityAndTheNameThatItIsTold() {
    Security trusting = Security.NONE.withTlsCa(file("ca.crt"));
    assertCalls(tls, trusting.withTlsServerName("rectifier.example"));
    UnavailableException name = assertThrows(UnavailableException.class, () -> call(tls, trusting));
    assertTrue(name.getMessage().contains("127.0.0.1"), name.getMessage());
    UnavailableException stranger =
        assertThrows(
            UnavailableException.class,
            () -> call(tls, Security.NONE.withTlsCa("system").withTlsServerName("localhost")));
    assertTrue(stranger.getMessage().contains("certification path"), stranger.getMessage());
    assertThrows(UnavailableException.class, () -> call(tls, Security.NONE));
  }

  @Test
  void holdsEachServerOfAListToItsOwnName() {
    Security trusting = Security.NONE.withTlsCa(file("ca.crt"));
    String port = mutual.tcpTarget().substring(mutual.tcpTarget().indexOf(':'));
    try (Client client = client("localhost" + port + "," + mutual.tcpTarget(), shown(trusting))) {
      for (int i = 0; i < 10; ++i) {
        assertArrayEquals(new float[] {0, 2}, client.evaluate(RELU).value().floatArray());
      }
    }
  }

  @Test
  void showsItsCertificate() {
    Security trusting = Security.NONE.withTlsCa(file("ca.crt"));
    assertCalls(mutual, shown(trusting));
    assertThrows(UnavailableException.class, () -> call(mutual, trusting));
  }

  @Test
  void sendsItsToken() throws IOException {
    Security trusting = Security.NONE.withTlsCa(file("ca.crt"));
    assertCalls(tokens, trusting.withToken(TOKEN));
    Files.writeString(folder.resolve("token"), TOKEN + "\n");
    assertCalls(tokens, trusting.withTokenFile(file("token")));
    UnauthenticatedException none =
        assertThrows(UnauthenticatedException.class, () -> call(tokens, trusting));
    assertEquals("TOKEN_MISSING", none.reason());
    try (Client client = client(tokens.unixTarget(), Security.NONE.withToken(TOKEN))) {
      assertArrayEquals(new float[] {0, 2}, client.evaluate(RELU).value().floatArray());
      assertEquals(HealthStatus.SERVING, client.health());
    }
  }

  @Test
  void keepsTokensFromBeingSentInTheOpen() {
    Security token = Security.NONE.withToken(TOKEN);
    for (String here :
        List.of(
            "unix:/tmp/x",
            "localhost:1",
            "127.0.0.1:1",
            "[::1]:1",
            "dns:///localhost:1",
            "ipv4:127.0.0.1:1,127.0.0.2:1")) {
      assertEquals("Bearer " + TOKEN, token.authorization(here).orElseThrow());
    }
    for (String away :
        List.of(
            "rectifier.example:1",
            "10.0.0.1:1",
            "127.example:1",
            "127.0.0.1.example:1",
            "localhost.example:1",
            "127.0.0.1:1,10.0.0.1:1",
            "dns://localhost/rectifier.example:1",
            "passthrough:///10.0.0.1:1")) {
      IllegalArgumentException error =
          assertThrows(IllegalArgumentException.class, () -> token.authorization(away));
      assertTrue(error.getMessage().contains("in the open"), error.getMessage());
      assertTrue(token.withTlsCa("ca").authorization(away).isPresent());
    }
    for (String bad : List.of("two words", "line\nend", "ä")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> Security.NONE.withToken(bad).authorization("unix:/x"));
    }
    assertTrue(!token.toString().contains(TOKEN));
  }

  @Test
  void saysWhichFileDoesNotFit() throws Exception {
    Security trusting = Security.NONE.withTlsCa(file("ca.crt"));
    UncheckedIOException missing =
        assertThrows(
            UncheckedIOException.class, () -> Security.NONE.withTlsCa("/nowhere").credentials());
    assertTrue(missing.getMessage().contains("/nowhere"), missing.getMessage());
    openssl("ec -in client.key -out old.key");
    assertTells(trusting.withTlsCertificate(file("client.crt"), file("old.key")), "PKCS#8");
    assertTells(trusting.withTlsCertificate(file("tokens"), file("client.key")), "tlsCertificate");
    assertTells(Security.NONE.withTlsServerName("x"), "tlsCa");
    assertTells(trusting.withTlsCertificate(file("client.crt"), ""), "together");
  }

  @Test
  void readsTheEnvironment() {
    Security security =
        Security.from(
            Map.of(
                "RECTIFIER_TLS_CA", "ca",
                "RECTIFIER_TLS_CERTIFICATE", "crt",
                "RECTIFIER_TLS_KEY", "key",
                "RECTIFIER_TLS_SERVER_NAME", "name",
                "RECTIFIER_TOKEN", "not this",
                "RECTIFIER_TOKEN_FILE", "file"));
    assertEquals(
        "Security(tlsCa=ca, tlsCertificate=crt, tlsKey=key, tlsServerName=name, tokenFile=file)",
        security.toString());
    assertEquals("Security()", Security.from(Map.of()).toString());
  }

  private static void assertTells(Security security, String word) {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, security::credentials);
    assertTrue(error.getMessage().contains(word), error.getMessage());
  }

  private static void assertCalls(TestServer server, Security security) {
    assertArrayEquals(new float[] {0, 2}, call(server, security).value().floatArray());
  }

  private static Result call(TestServer server, Security security) {
    try (Client client = client(server.tcpTarget(), security)) {
      return client.evaluate(RELU);
    }
  }

  private static Client client(String target, Security security) {
    return Client.builder().withTarget(target).withSecurity(security).withoutRetries().build();
  }

  private static Security shown(Security security) {
    return security.withTlsCertificate(file("client.crt"), file("client.key"));
  }

  private static String certificate(String name) {
    return "--tls_certificate=" + file(name + ".crt");
  }

  private static String key(String name) {
    return "--tls_key=" + file(name + ".key");
  }

  private static String file(String name) {
    return folder.resolve(name).toString();
  }

  private static void makeAuthority() throws Exception {
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
            + " -keyout ca.key -out ca.crt -subj /CN=authority");
  }

  private static void makeCertificate(String name, String names) throws Exception {
    openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout %s.key -out"
                .formatted(name)
            + " %s.csr -subj /CN=%s".formatted(name, name));
    Files.writeString(folder.resolve(name + ".ext"), "subjectAltName=" + names + "\n");
    openssl(
        "x509 -req -in %1$s.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -out %1$s.crt"
                .formatted(name)
            + " -extfile %s.ext".formatted(name));
  }

  private static void openssl(String arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ")));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), output);
  }
}
