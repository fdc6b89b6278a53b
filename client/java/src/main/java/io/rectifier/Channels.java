package io.rectifier;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolverRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Opens channels with the settings that all of Rectifier's clients have. */
final class Channels {
  /** A server may hang up on who pings more often than every 5 s. */
  private static final long KEEPALIVE_SECONDS = 30;

  /** What a call has sent is kept for a retry up to so many bytes, in one call and in all. */
  private static final long RETRY_BYTES_OF_CALL = 32L << 20;

  private static final long RETRY_BYTES = 256L << 20;

  static {
    NettyLogs.quieten();
    NameResolverRegistry.getDefaultRegistry().register(new AddressListResolver.Provider());
  }

  private Channels() {}

  /** Connects at the first call. Errors: IllegalArgumentException, UncheckedIOException. */
  static ManagedChannel open(String target, Security security, boolean retries) {
    ChannelCredentials credentials = security.credentials();
    ManagedChannelBuilder<?> builder =
        Grpc.newChannelBuilder(Target.forGrpc(target), credentials)
            // The server has a limit of its own; gRPC's 4 MiB would refuse many replies.
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
            .perRpcBufferLimit(RETRY_BYTES_OF_CALL)
            .retryBufferSize(RETRY_BYTES)
            .defaultServiceConfig(serviceConfig(retries));
    security.serverName().ifPresent(builder::overrideAuthority);
    return builder.build();
  }

  /** Calls go to all servers in turn; what one refuses for now is tried again. */
  private static Map<String, ?> serviceConfig(boolean retries) {
    Map<String, ?> balancing = Map.of("round_robin", Map.of());
    if (!retries) {
      return Map.of("loadBalancingConfig", List.of(balancing));
    }
    Map<String, ?> policy =
        Map.of(
            "maxAttempts",
            5.0,
            "initialBackoff",
            "0.1s",
            "maxBackoff",
            "2s",
            "backoffMultiplier",
            2.0,
            "retryableStatusCodes",
            List.of("UNAVAILABLE", "RESOURCE_EXHAUSTED"));
    Map<String, ?> method = Map.of("name", List.of(Map.of()), "retryPolicy", policy);
    return Map.of("loadBalancingConfig", List.of(balancing), "methodConfig", List.of(method));
  }
}
