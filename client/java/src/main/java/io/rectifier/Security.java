package io.rectifier;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a client knows that it talks to the right server, and how the server knows the client.
 *
 * <p>Files are read when the client is made: who exchanges one makes a new client. Threads: a
 * security is immutable; each method gives a new one.
 */
public final class Security {
  /** Neither TLS nor a token. */
  public static final Security NONE = new Security("", "", "", "", "", "");

  private static final String SYSTEM = "system";
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]+");

  private final String tlsCa;
  private final String tlsCertificate;
  private final String tlsKey;
  private final String tlsServerName;
  private final String token;
  private final String tokenFile;

  private Security(
      String tlsCa,
      String tlsCertificate,
      String tlsKey,
      String tlsServerName,
      String token,
      String tokenFile) {
    this.tlsCa = tlsCa;
    this.tlsCertificate = tlsCertificate;
    this.tlsKey = tlsKey;
    this.tlsServerName = tlsServerName;
    this.token = token;
    this.tokenFile = tokenFile;
  }

  /**
   * Returns what the environment says: RECTIFIER_TLS_CA, RECTIFIER_TLS_CERTIFICATE,
   * RECTIFIER_TLS_KEY, RECTIFIER_TLS_SERVER_NAME, RECTIFIER_TOKEN, and RECTIFIER_TOKEN_FILE, which
   * goes before the token.
   */
  public static Security fromEnvironment() {
    return from(System.getenv());
  }

  static Security from(Map<String, String> environment) {
    String tokenFile = environment.getOrDefault("RECTIFIER_TOKEN_FILE", "");
    return new Security(
        environment.getOrDefault("RECTIFIER_TLS_CA", ""),
        environment.getOrDefault("RECTIFIER_TLS_CERTIFICATE", ""),
        environment.getOrDefault("RECTIFIER_TLS_KEY", ""),
        environment.getOrDefault("RECTIFIER_TLS_SERVER_NAME", ""),
        tokenFile.isEmpty() ? environment.getOrDefault("RECTIFIER_TOKEN", "") : "",
        tokenFile);
  }

  /**
   * Returns one with TLS.
   *
   * @param file the authorities that may have signed the server's certificate, as a file of PEM;
   *     {@code system} stands for those that Java trusts
   */
  public Security withTlsCa(String file) {
    return new Security(file, tlsCertificate, tlsKey, tlsServerName, token, tokenFile);
  }

  /** Returns one that shows a certificate, for servers that ask for one: files of PEM. */
  public Security withTlsCertificate(String certificateFile, String keyFile) {
    return new Security(tlsCa, certificateFile, keyFile, tlsServerName, token, tokenFile);
  }

  /** Returns one that holds the server's certificate to this name instead of the target's host. */
  public Security withTlsServerName(String name) {
    return new Security(tlsCa, tlsCertificate, tlsKey, name, token, tokenFile);
  }

  /**
   * Returns one with a token, which is sent over TLS, to this machine and to unix sockets alone.
   */
  public Security withToken(String secret) {
    return new Security(tlsCa, tlsCertificate, tlsKey, tlsServerName, secret, "");
  }

  /** Returns one with the token that a file holds. */
  public Security withTokenFile(String file) {
    return new Security(tlsCa, tlsCertificate, tlsKey, tlsServerName, "", file);
  }

  /** Returns what is set, but for the token. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    add(parts, "tlsCa", tlsCa);
    add(parts, "tlsCertificate", tlsCertificate);
    add(parts, "tlsKey", tlsKey);
    add(parts, "tlsServerName", tlsServerName);
    add(parts, "tokenFile", tokenFile);
    return "Security(" + String.join(", ", parts) + ")";
  }

  private static void add(List<String> parts, String name, String value) {
    if (!value.isEmpty()) {
      parts.add(name + "=" + value);
    }
  }

  Optional<String> serverName() {
    return tlsServerName.isEmpty() ? Optional.empty() : Optional.of(tlsServerName);
  }

  /** Errors: UncheckedIOException for files, IllegalArgumentException for what does not fit. */
  ChannelCredentials credentials() {
    if (tlsCertificate.isEmpty() != tlsKey.isEmpty()) {
      throw new IllegalArgumentException("tlsCertificate and tlsKey are needed together");
    }
    if (tlsCa.isEmpty()) {
      if (!tlsCertificate.isEmpty() || !tlsServerName.isEmpty()) {
        throw new IllegalArgumentException(
            "tlsCa is needed for TLS; \"system\" stands for what Java trusts");
      }
      return InsecureChannelCredentials.create();
    }
    TlsChannelCredentials.Builder tls = TlsChannelCredentials.newBuilder();
    try {
      if (!tlsCa.equals(SYSTEM)) {
        tls.trustManager(pem("tlsCa", tlsCa, "BEGIN CERTIFICATE"));
      }
      if (!tlsCertificate.isEmpty()) {
        tls.keyManager(
            pem("tlsCertificate", tlsCertificate, "BEGIN CERTIFICATE"),
            pem("tlsKey", tlsKey, "BEGIN PRIVATE KEY"));
      }
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return tls.build();
  }

  /** What every call to the target carries as {@code authorization}. Errors: as credentials(). */
  Optional<String> authorization(String target) {
    String secret = tokenFile.isEmpty() ? token : text(tokenFile).strip();
    if (secret.isEmpty() && tokenFile.isEmpty()) {
      return Optional.empty();
    }
    if (!TOKEN.matcher(secret).matches()) {
      throw new IllegalArgumentException("a token has letters, digits and -._~+/= alone");
    }
    if (tlsCa.isEmpty() && !Target.staysHere(target)) {
      throw new IllegalArgumentException(
          "the token would travel to " + target + " in the open; tlsCa turns TLS on");
    }
    return Optional.of("Bearer " + secret);
  }

  private static ByteArrayInputStream pem(String what, String file, String marker) {
    String content = text(file);
    if (content.contains(marker)) {
      return new ByteArrayInputStream(content.getBytes(StandardCharsets.ISO_8859_1));
    }
    throw new IllegalArgumentException(
        content.contains("PRIVATE KEY")
            ? what
                + ": "
                + file
                + ": Java takes keys of PKCS#8 alone, which begin with BEGIN PRIVATE"
                + " KEY; openssl pkcs8 -topk8 -nocrypt makes one of this"
            : what + ": " + file + ": the file holds none in PEM");
  }

  private static String text(String file) {
    try {
      return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
    } catch (IOException error) {
      throw new UncheckedIOException(file + ": the file cannot be read", error);
    }
  }
}
