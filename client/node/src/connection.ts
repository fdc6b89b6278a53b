/** Calls of one client: deadline, metadata, cancellation, and errors of this package. */

import type { DescMethodBiDiStreaming, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type { DescMessage } from "@bufbuild/protobuf";
import type { Client as GrpcClient, ClientDuplexStream } from "@grpc/grpc-js";
import { Metadata } from "@grpc/grpc-js";

import { CancelledError } from "./errors.js";
import type { CallOptions } from "./evaluation.js";
import type { CallContext } from "./failure.js";
import { fromGrpc, isServiceError } from "./failure.js";

/** The name of a method, and how its answers are read. */
export interface Method<Response> {
  readonly path: string;
  readonly decode: (bytes: Buffer) => Response;
}

/** A stream in progress: messages as bytes, and answers. */
export type ByteStream<Response> = ClientDuplexStream<Buffer, Response>;

/** Options with the time, in milliseconds since 1970, by which several calls have to be done. */
export type TimedOptions = CallOptions & { readonly deadline?: number };

/** What is under way, as far as ending it goes. */
interface Cancellable {
  cancel(): void;
}

const asIs = (bytes: Buffer): Buffer => bytes;

/** A channel, and what all calls on it have in common. */
export class Connection {
  readonly target: string;
  readonly #channel: GrpcClient;
  readonly #timeout: number;
  readonly #authorization: string;
  readonly #underWay = new Set<Cancellable>();
  #isClosed = false;

  /** @param timeout milliseconds, of calls that name no other. */
  constructor(channel: GrpcClient, target: string, timeout: number, authorization: string) {
    this.#timeout = checkTimeout(timeout);
    this.#channel = channel;
    this.target = target;
    this.#authorization = authorization;
  }

  /** Ends the calls that are under way, and closes the channel. */
  close(): void {
    this.#isClosed = true;
    for (const call of this.#underWay) call.cancel();
    this.#channel.close();
  }

  /** Sends one message, and gives the answer. */
  async unary<Response>(
    method: Method<Response>,
    request: Buffer,
    options: TimedOptions,
  ): Promise<Response> {
    const start = this.#prepare(options);
    return await new Promise((resolve, reject) => {
      const call = this.#channel.makeUnaryRequest(
        method.path,
        asIs,
        method.decode,
        request,
        start.metadata,
        start.deadline,
        (error, response) => {
          end();
          if (response !== undefined) resolve(response);
          else reject(this.#failure(error, options, start.context));
        },
      );
      const end = this.#watch(call, options.signal);
    });
  }

  /**
   * Opens a stream. `failure` makes errors of this package of what it ends with; `end` has to be
   * called when it is over, and ends it where it is not.
   */
  stream<Response>(method: Method<Response>, options: TimedOptions) {
    const start = this.#prepare(options);
    const call = this.#channel.makeBidiStreamRequest(
      method.path,
      asIs,
      method.decode,
      start.metadata,
      start.deadline,
    );
    const forget = this.#watch(call, options.signal);
    return {
      call,
      failure: (error: unknown) => this.#failure(error, options, start.context),
      end: () => {
        forget();
        call.cancel();
      },
    };
  }

  /** Lets the time run that all calls with these options have together. */
  startClock(options: CallOptions): TimedOptions {
    return { ...options, deadline: Date.now() + checkTimeout(options.timeout ?? this.#timeout) };
  }

  #prepare(options: TimedOptions) {
    if (this.#isClosed) throw this.#closedError();
    options.signal?.throwIfAborted();
    const timeout = checkTimeout(options.timeout ?? this.#timeout);
    const metadata = new Metadata();
    if (this.#authorization !== "") metadata.set("authorization", this.#authorization);
    for (const [key, value] of Object.entries(options.metadata ?? {})) {
      metadata.set(key, typeof value === "string" ? value : Buffer.from(value));
    }
    const context: CallContext = { target: this.target, timeout };
    return { metadata, context, deadline: { deadline: options.deadline ?? Date.now() + timeout } };
  }

  #watch(call: Cancellable, signal: AbortSignal | undefined): () => void {
    const cancel = (): void => {
      call.cancel();
    };
    this.#underWay.add(call);
    signal?.addEventListener("abort", cancel, { once: true });
    return () => {
      this.#underWay.delete(call);
      signal?.removeEventListener("abort", cancel);
    };
  }

  #failure(error: unknown, { signal }: CallOptions, context: CallContext): unknown {
    if (!isServiceError(error)) return error;
    const failure = fromGrpc(error, context);
    if (failure.code !== "CANCELLED") return failure;
    if (signal?.aborted) return signal.reason;
    return this.#isClosed ? this.#closedError() : failure;
  }

  #closedError(): CancelledError {
    return new CancelledError(`${this.target}: the client is closed`, {
      code: "CANCELLED",
      target: this.target,
    });
  }
}

/** The method that `description` describes. */
export function method<I extends DescMessage, O extends DescMessage>(
  description: DescMethodUnary<I, O> | DescMethodBiDiStreaming<I, O>,
): Method<MessageShape<O>> {
  return {
    path: `/${description.parent.typeName}/${description.name}`,
    decode: (bytes) => fromBinary(description.output, bytes),
  };
}

/** A message as the bytes that are sent. */
export function encode<Schema extends DescMessage>(
  schema: Schema,
  message: MessageShape<Schema>,
): Buffer {
  return Buffer.from(toBinary(schema, message));
}

function checkTimeout(timeout: unknown): number {
  if (typeof timeout === "number" && timeout > 0) return timeout;
  throw new RangeError(
    `timeout: milliseconds above 0 are needed, or Infinity; given ${String(timeout)}`,
  );
}
