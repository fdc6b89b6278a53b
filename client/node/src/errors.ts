/** Failed calls as errors, with the field at fault where the server names one. */

/** The gRPC status codes that a call can fail with, by name. */
export type StatusCode =
  | "CANCELLED"
  | "UNKNOWN"
  | "INVALID_ARGUMENT"
  | "DEADLINE_EXCEEDED"
  | "NOT_FOUND"
  | "ALREADY_EXISTS"
  | "PERMISSION_DENIED"
  | "RESOURCE_EXHAUSTED"
  | "FAILED_PRECONDITION"
  | "ABORTED"
  | "OUT_OF_RANGE"
  | "UNIMPLEMENTED"
  | "INTERNAL"
  | "UNAVAILABLE"
  | "DATA_LOSS"
  | "UNAUTHENTICATED";

/** A field of the request at fault. */
export interface Violation {
  /** Its path: `evaluations[0].activation.arguments["beta"]`. */
  readonly field: string;
  /** What was given, and what is allowed. */
  readonly description: string;
}

/** What is known about a failed call, besides its message. */
export interface FailureDetails {
  /** The gRPC status code. */
  readonly code: StatusCode;
  /** The cause, for programs: `ARGUMENT_OUT_OF_RANGE`; empty where the server gives none. */
  readonly reason?: string;
  /** The fields of the request at fault. */
  readonly violations?: readonly Violation[];
  /** Milliseconds to wait before a retry that makes sense; undefined where the server names none. */
  readonly retryDelay?: number | undefined;
  /** More for programs: `element`, the index of the element of a tensor at fault. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** The server that was called. */
  readonly target?: string;
  /** Milliseconds that the call was allowed to take. */
  readonly timeout?: number;
  /** The error of gRPC. */
  readonly cause?: unknown;
}

/**
 * A call failed. `message` is the server's, and names the field at fault, what was given and what is
 * allowed; `violations` has the same for programs.
 */
export class RectifierError extends Error {
  override readonly name: string = "RectifierError";
  /** The gRPC status code. */
  readonly code: StatusCode;
  /** The cause, for programs: `ARGUMENT_OUT_OF_RANGE`; empty where the server gives none. */
  readonly reason: string;
  /** The fields of the request at fault. */
  readonly violations: readonly Violation[];
  /** Milliseconds to wait before a retry that makes sense; undefined where the server names none. */
  readonly retryDelay: number | undefined;
  /** More for programs: `element`, the index of the element of a tensor at fault. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The server that was called. */
  readonly target: string;
  /** Milliseconds that the call was allowed to take. */
  readonly timeout: number;

  constructor(message: string, details: FailureDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.reason = details.reason ?? "";
    this.violations = details.violations ?? [];
    this.retryDelay = details.retryDelay;
    this.metadata = details.metadata ?? {};
    this.target = details.target ?? "";
    this.timeout = details.timeout ?? Infinity;
  }
}

/** The request is at fault; `violations` names the fields. No retry cures it. */
export class InvalidArgumentError extends RectifierError {
  override readonly name = "InvalidArgumentError";
}

/** Too much is in flight: try again after `retryDelay`. Without one, the message is too large. */
export class ResourceExhaustedError extends RectifierError {
  override readonly name = "ResourceExhaustedError";
}

/** No server answers, or it is shutting down, or its certificate is not trusted. */
export class UnavailableError extends RectifierError {
  override readonly name = "UnavailableError";
}

/** The call took longer than its timeout. */
export class DeadlineExceededError extends RectifierError {
  override readonly name = "DeadlineExceededError";
}

/** The call was given up before it was done: the client was closed, or the server stopped. */
export class CancelledError extends RectifierError {
  override readonly name = "CancelledError";
}

/** The server asks for a token, and there is none, or it is none of the server's. */
export class UnauthenticatedError extends RectifierError {
  override readonly name = "UnauthenticatedError";
}

/** The server knows who calls, and does not allow it. */
export class PermissionDeniedError extends RectifierError {
  override readonly name = "PermissionDeniedError";
}

/** There is a defect in the server or in the connection. */
export class InternalError extends RectifierError {
  override readonly name = "InternalError";
}

const CLASSES: Partial<Record<StatusCode, typeof RectifierError>> = {
  INVALID_ARGUMENT: InvalidArgumentError,
  RESOURCE_EXHAUSTED: ResourceExhaustedError,
  UNAVAILABLE: UnavailableError,
  DEADLINE_EXCEEDED: DeadlineExceededError,
  CANCELLED: CancelledError,
  UNAUTHENTICATED: UnauthenticatedError,
  PERMISSION_DENIED: PermissionDeniedError,
  INTERNAL: InternalError,
};

/** An error of the class of its code; codes without a class of their own are a RectifierError. */
export function makeError(message: string, details: FailureDetails): RectifierError {
  return new (CLASSES[details.code] ?? RectifierError)(message, details);
}

/** The same error where `rename` gives other names to the fields in its texts. */
export function renameFields(
  error: RectifierError,
  rename: (text: string) => string,
): RectifierError {
  const { code, reason, retryDelay, metadata, target, timeout, cause } = error;
  const violations = error.violations.map(({ field, description }) => ({
    field: rename(field),
    description: rename(description),
  }));
  const details = { code, reason, violations, retryDelay, metadata, target, timeout, cause };
  return makeError(rename(error.message), details);
}
