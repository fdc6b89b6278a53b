package io.rectifier;

import io.grpc.Channel;
import java.time.Duration;
import java.util.Optional;

/** Makes clients. */
public final class ClientBuilder {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private String target = "";
  private Optional<Duration> timeout = Optional.of(TIMEOUT);
  private Optional<Security> security = Optional.empty();
  private Optional<Channel> channel = Optional.empty();
  private boolean retries = true;

  ClientBuilder() {}

  /**
   * Sets where the server is.
   *
   * @param to {@code unix:/path}, {@code host:port}, or several of the latter with commas between,
   *     among which calls go round; default: RECTIFIER_TARGET, else the default unix socket
   */
  public ClientBuilder withTarget(String to) {
    target = to;
    return this;
  }

  /** Sets how long each call may take in all; 60 seconds by default. */
  public ClientBuilder withTimeout(Duration time) {
    CallOptions.DEFAULT.withTimeout(time); // which checks it
    timeout = Optional.of(time);
    return this;
  }

  /** Lets calls take any time. */
  public ClientBuilder withoutTimeout() {
    timeout = Optional.empty();
    return this;
  }

  /** Sets TLS and token; default: {@link Security#fromEnvironment}. */
  public ClientBuilder withSecurity(Security how) {
    security = Optional.of(how);
    return this;
  }

  /**
   * Lets calls fail at once where a server is not available, or has too much in flight. By default
   * they are tried up to five times, after as long as the server says, or 0.1 to 2 seconds.
   */
  public ClientBuilder withoutRetries() {
    retries = false;
    return this;
  }

  /**
   * Takes a channel of the caller's, for interceptors, in place of a target and security. Set its
   * {@code maxInboundMessageSize}, which is 4 MiB otherwise. The client does not close it.
   */
  public ClientBuilder withChannel(Channel own) {
    channel = Optional.of(own);
    return this;
  }

  /**
   * Returns the client, which connects at the first call.
   *
   * <p>Errors: {@link IllegalArgumentException} for a target or security that cannot be used,
   * {@link java.io.UncheckedIOException} for files that cannot be read.
   */
  public Client build() {
    if (channel.isPresent() && (!target.isEmpty() || security.isPresent())) {
      throw new IllegalArgumentException(
          "a channel goes without target and security, which it has already");
    }
    return new Client(this);
  }

  String target() {
    return target;
  }

  Optional<Duration> timeout() {
    return timeout;
  }

  Optional<Security> security() {
    return security;
  }

  Optional<Channel> channel() {
    return channel;
  }

  boolean retries() {
    return retries;
  }
}
