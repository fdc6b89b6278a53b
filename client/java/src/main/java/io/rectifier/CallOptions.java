package io.rectifier;

import io.grpc.Metadata;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one call does differently from the client: its timeout, and metadata that it carries.
 *
 * <p>Threads: options are immutable; each method gives new ones.
 */
public final class CallOptions {
  /** The client's timeout, and no metadata. */
  public static final CallOptions DEFAULT = new CallOptions(Optional.empty(), Map.of());

  private final Optional<Duration> timeout;
  private final Map<String, String> metadata;

  private CallOptions(Optional<Duration> timeout, Map<String, String> metadata) {
    this.timeout = timeout;
    this.metadata = metadata;
  }

  /** Returns options with a time that the call may take in all. */
  public CallOptions withTimeout(Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("timeout: " + time + "; more than zero is needed");
    }
    return new CallOptions(Optional.of(time), metadata);
  }

  /** Returns options with one more entry of metadata, such as {@code x-request-id}. */
  public CallOptions withMetadata(String key, String value) {
    key(key);
    Map<String, String> more = new LinkedHashMap<>(metadata);
    more.put(key, value);
    return new CallOptions(timeout, Map.copyOf(more));
  }

  Optional<Duration> timeout() {
    return timeout;
  }

  Metadata headers() {
    Metadata headers = new Metadata();
    metadata.forEach((key, value) -> headers.put(key(key), value));
    return headers;
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
