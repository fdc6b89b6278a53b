/** The gRPC channel of a client, and what it is told to do by itself. */

import type { ChannelOptions } from "@grpc/grpc-js";
import { Client as GrpcClient } from "@grpc/grpc-js";

import { toGrpcTarget } from "./addresses.js";
import { ActivationService } from "./messages/rectifier/v1/activation_pb.js";
import type { SecureChannel } from "./security.js";

// Calls go round all addresses. What failed without having been begun is tried again: where no
// server answers, and where one has too much to do, which says how long to wait.
const SERVICE_CONFIG = JSON.stringify({
  loadBalancingConfig: [{ round_robin: {} }],
  methodConfig: [
    {
      name: [{ service: ActivationService.typeName }, { service: "grpc.health.v1.Health" }],
      retryPolicy: {
        maxAttempts: 5,
        initialBackoff: "0.1s",
        maxBackoff: "2s",
        backoffMultiplier: 2,
        retryableStatusCodes: ["UNAVAILABLE", "RESOURCE_EXHAUSTED"],
      },
    },
  ],
});

const MIB = 2 ** 20;

const OPTIONS: ChannelOptions = {
  "grpc.service_config": SERVICE_CONFIG,
  // The servers have no service config in DNS, so it is not asked for one.
  "grpc.service_config_disable_resolution": 1,
  // The server has limits of its own and says so; gRPC's 4 MiB is not one of them.
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
  // A call can be tried again as long as its messages are kept, so keep those of every unary call
  // that is not refused; a stream is past trying again after as much.
  "grpc.per_rpc_retry_buffer_size": 17 * MIB,
  "grpc.retry_buffer_size": 256 * MIB,
  // The server allows a ping every 5 s. A server that has vanished is noticed within 40 s.
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.keepalive_permit_without_calls": 1,
  // Node's 64 KiB would be a round trip for each.
  "grpc-node.flow_control_window": 4 * MIB,
  // A connection of its own, which closes with the client, and has its own share of the server.
  "grpc.use_local_subchannel_pool": 1,
};

/** A channel to `targets`, which connects at the first call. `more` are options of grpc-js. */
export function openChannel(
  targets: readonly string[],
  secure: SecureChannel,
  more: ChannelOptions,
): GrpcClient {
  return new GrpcClient(toGrpcTarget(targets), secure.credentials, {
    ...OPTIONS,
    ...secure.options,
    // A proxy knows hosts, not lists of addresses.
    ...(targets.length > 1 ? { "grpc.enable_http_proxy": 0 } : {}),
    ...more,
  });
}
