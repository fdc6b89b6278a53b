/** The standard health service, grpc.health.v1.Health. */

import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

import type { Method } from "./connection.js";
import { ActivationService } from "./messages/rectifier/v1/activation_pb.js";

/** What a server says about a service. */
export type Health = "unknown" | "serving" | "not_serving" | "service_unknown";

/** The name of the service whose health is readiness: whether new calls are welcome. */
export const READINESS = ActivationService.typeName;

const STATES: readonly Health[] = ["unknown", "serving", "not_serving", "service_unknown"];

// Both messages have one field, with number 1: the service's name, and its state.
const FIELD = 1;

/** A HealthCheckRequest. */
export function encodeHealthRequest(service: string): Buffer {
  const writer = new BinaryWriter().tag(FIELD, WireType.LengthDelimited).string(service);
  return Buffer.from(writer.finish());
}

/** Health.Check. */
export const CHECK: Method<Health> = {
  path: "/grpc.health.v1.Health/Check",
  decode: (bytes) => {
    const reader = new BinaryReader(bytes);
    let state: Health = "unknown";
    while (reader.pos < reader.len) {
      const [field, type] = reader.tag();
      if (field === FIELD) state = STATES[reader.int32()] ?? "unknown";
      else reader.skip(type);
    }
    return state;
  },
};
