/** What gRPC says about a failed call, as an error of this package. */

import { fromBinary } from "@bufbuild/protobuf";
import type { Metadata, ServiceError } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";

import type { FailureDetails, RectifierError, StatusCode } from "./errors.js";
import { makeError } from "./errors.js";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
  StatusSchema,
} from "./messages/rectifier/v1/status_pb.js";

const DETAILS = "grpc-status-details-bin";

/** Whom a call went to, and how long it could take. */
export interface CallContext {
  readonly target: string;
  readonly timeout: number;
}

/** Whether gRPC made this error. */
export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && "details" in error && "metadata" in error;
}

/** The error for a failed call. */
export function fromGrpc(error: ServiceError, context: CallContext): RectifierError {
  const code = (status[error.code] as StatusCode | undefined) ?? "UNKNOWN";
  const details = readDetails(error.metadata);
  return makeError(describe(code, error.details, context), {
    code,
    ...details,
    ...context,
    cause: error,
  });
}

// The server's own words about a request need no more; of the others a reader asks which server.
function describe(code: StatusCode, text: string, { target, timeout }: CallContext): string {
  switch (code) {
    case "DEADLINE_EXCEEDED":
      return `${target}: the call took longer than its timeout of ${timeout} ms: ${text}`;
    case "UNAVAILABLE":
      return `${target}: ${unwrap(text)}`;
    case "CANCELLED":
    case "INTERNAL":
    case "UNKNOWN":
    case "UNIMPLEMENTED":
      return `${target}: ${text}`;
    default:
      return text;
  }
}

// gRPC wraps what the system said into the names of its own parts.
function unwrap(text: string): string {
  const [, cause] =
    /No connection established.*Last error: (.*?)\.? *(Resolution note|$)/s.exec(text) ?? [];
  return cause === undefined ? text : `no server answers: ${cause.replace(/^Error: /, "")}`;
}

type Found = Pick<FailureDetails, "reason" | "violations" | "retryDelay" | "metadata">;

function readDetails(metadata: Metadata): Found {
  const found: { -readonly [K in keyof Found]: Found[K] } = {};
  for (const bytes of metadata.get(DETAILS)) {
    if (!Buffer.isBuffer(bytes)) continue;
    try {
      for (const { typeUrl, value } of fromBinary(StatusSchema, bytes).details) {
        Object.assign(found, readDetail(typeUrl.slice(typeUrl.lastIndexOf("/") + 1), value));
      }
    } catch {
      // They are not of this server, but of a proxy perhaps; code and message stand.
    }
  }
  return found;
}

function readDetail(type: string, bytes: Uint8Array): Found {
  switch (type) {
    case "google.rpc.BadRequest": {
      const { fieldViolations } = fromBinary(BadRequestSchema, bytes);
      return {
        violations: fieldViolations.map(({ field, description }) => ({ field, description })),
      };
    }
    case "google.rpc.ErrorInfo": {
      const { reason, metadata } = fromBinary(ErrorInfoSchema, bytes);
      return { reason, metadata: { ...metadata } };
    }
    case "google.rpc.RetryInfo": {
      const { retryDelay } = fromBinary(RetryInfoSchema, bytes);
      if (retryDelay === undefined) return {};
      return { retryDelay: Number(retryDelay.seconds) * 1000 + retryDelay.nanos / 1e6 };
    }
    default:
      return {};
  }
}
