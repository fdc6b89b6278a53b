package io.rectifier;

/** What a server says about itself (grpc.health.v1). */
public enum HealthStatus {
  /** The server says nothing, or something that this client does not know. */
  UNKNOWN,
  /** The server answers calls. */
  SERVING,
  /** The server is shutting down, or cannot take more connections. */
  NOT_SERVING,
  /** The server does not know the service. */
  SERVICE_UNKNOWN;

  static HealthStatus of(int number) {
    return number >= 0 && number < values().length ? values()[number] : UNKNOWN;
  }
}
