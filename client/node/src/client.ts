/** The client: one method per RPC, and one for the common case of a single evaluation. */

import type { ChannelOptions } from "@grpc/grpc-js";
import { create } from "@bufbuild/protobuf";

import type { ActivationDescription, Limits, ServerInfo } from "./catalogue.js";
import { openChannel } from "./channel.js";
import type { StreamChunk, StreamData, StreamHeader, StreamResult } from "./chunks.js";
import { toChunks, toStreamResult } from "./chunks.js";
import { Connection, encode, method } from "./connection.js";
import { toActivationDescription, toServerInfo } from "./descriptions.js";
import type { DataOf, FloatData, FloatType } from "./element_type.js";
import { isElementType } from "./element_type.js";
import { evaluateAll } from "./evaluate.js";
import type { CallOptions, Evaluation, EvaluationOptions, Inputs } from "./evaluation.js";
import type { Health } from "./health.js";
import { CHECK, READINESS, encodeHealthRequest } from "./health.js";
import {
  ActivationService,
  GetServerInfoRequestSchema,
  ListActivationsRequestSchema,
} from "./messages/rectifier/v1/activation_pb.js";
import type { Numbers } from "./nested.js";
import { prepare, prepareActivation } from "./prepare.js";
import { toHeader } from "./request.js";
import { Result } from "./result.js";
import type { Security } from "./security.js";
import { secure, securityFromEnvironment } from "./security.js";
import { runStream } from "./stream.js";
import { defaultTarget } from "./target.js";
import { encodeHeader } from "./wire.js";

const LIST_ACTIVATIONS = method(ActivationService.method.listActivations);
const GET_SERVER_INFO = method(ActivationService.method.getServerInfo);

const DEFAULT_TIMEOUT = 60_000;

/** How a client finds its server, and how its calls are made. */
export interface ClientOptions {
  /**
   * `unix:/run/rectifier/rectifierd.sock`, `localhost:50051` or another gRPC target; or several, as
   * a list or with commas between them, among which the calls go round. Default: the environment
   * variable RECTIFIER_TARGET, else `defaultTarget()`.
   */
  readonly target?: string | readonly string[] | undefined;
  /** Milliseconds that each call may take; Infinity: no end. Default: 60,000. */
  readonly timeout?: number | undefined;
  /** TLS and token. Default: what the environment says (`securityFromEnvironment`). */
  readonly security?: Security | undefined;
  /** Further options of grpc-js's channel, interceptors among them; they win over ours. */
  readonly channelOptions?: (ChannelOptions & Record<string, unknown>) | undefined;
}

/**
 * Calls a Rectifier server. It connects at the first call, and any number of calls may run side by
 * side on its connections. Where no server answers, or one has too much to do, a call is tried
 * again, up to four times within some seconds.
 *
 * Errors: what cannot be sent at all is a TypeError or RangeError; a call that fails is a
 * RectifierError; one that is aborted is rejected with the reason of its signal.
 */
export class Client {
  readonly #connection: Connection;
  #limits: Limits | undefined;

  /** @throws {Error} for files and tokens of `security` that cannot be used. */
  constructor(options: ClientOptions = {}) {
    const targets = targetsOf(options.target);
    const channel = secure(options.security ?? securityFromEnvironment(), targets);
    this.#connection = new Connection(
      openChannel(targets, channel, options.channelOptions ?? {}),
      targets.join(","),
      options.timeout ?? DEFAULT_TIMEOUT,
      channel.authorization,
    );
  }

  /** The server that is called; several have commas between them. */
  get target(): string {
    return this.#connection.target;
  }

  /** Ends the connections; calls that are still running are rejected with a CancelledError. */
  close(): void {
    this.#connection.close();
  }

  /** The same as `close()`, at the end of a block with `using client = new Client()`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Evaluates one activation over one input, or over the two of a gated pair. More than 4 MiB of
   * tensors or results go by a stream, by themselves.
   *
   * Shape: results have that of the input, but for rows and pairs, whose value has the output's.
   * Arrays must be left alone until the call is over, because large ones are read as they go out.
   */
  evaluate<D extends FloatData>(
    activation: string,
    inputs: Inputs<D>,
    options?: EvaluationOptions & CallOptions,
  ): Promise<Result<D>>;
  evaluate(
    activation: string,
    inputs: Numbers,
    options?: EvaluationOptions & CallOptions,
  ): Promise<Result<Float64Array>>;
  async evaluate(
    activation: string,
    inputs: Inputs | Numbers,
    options: EvaluationOptions & CallOptions = {},
  ): Promise<Result> {
    const [result] = await this.evaluateBatch([{ ...options, activation, inputs }], options);
    return result ?? new Result({});
  }

  /**
   * Evaluates several, all or nothing. A typed array or Tensor that several use is sent once. A
   * batch of more than 64 MiB, or more than the server takes in one message, goes one by one.
   */
  async evaluateBatch(
    evaluations: readonly Evaluation[],
    options: CallOptions = {},
  ): Promise<Result[]> {
    const ask = (call: CallOptions): Promise<Limits> => this.#askLimits(call);
    const parts = await evaluateAll(this.#connection, prepare(evaluations), ask, options);
    return parts.map((part) => new Result(part));
  }

  /**
   * One evaluation over a tensor that is nowhere whole: chunks go out and results come back in
   * order, as soon as they are computed. A caller who takes no results is not sent more, and chunks
   * are asked for only as fast as they go out. Leaving the loop early ends the call.
   *
   * The default timeout is for all of it, so a long stream needs a longer one.
   *
   * @throws {TypeError} or {RangeError} for a header that cannot be sent.
   */
  evaluateStream<T extends FloatType>(
    header: StreamHeader<T>,
    chunks: Iterable<StreamChunk | StreamData> | AsyncIterable<StreamChunk | StreamData>,
    options: CallOptions = {},
  ): AsyncGenerator<StreamResult<DataOf<T>>, void, undefined> {
    const { elementType, shape, inputs = 1, hasUpstream = false } = header;
    if (!isElementType(elementType)) {
      throw new TypeError(`header.element_type: ${JSON.stringify(elementType)} is none`);
    }
    const activation = prepareActivation(header, "header");
    const message = toHeader(activation, { elementType, shape, inputs, hasUpstream });
    return this.#stream(header, encodeHeader(message), chunks, options);
  }

  /** The catalogue, in its order. */
  async listActivations(options: CallOptions = {}): Promise<ActivationDescription[]> {
    const request = encode(ListActivationsRequestSchema, create(ListActivationsRequestSchema));
    const { activations } = await this.#connection.unary(LIST_ACTIVATIONS, request, options);
    return activations.map(toActivationDescription);
  }

  /**
   * What the catalogue says about the activation with this name or alias.
   *
   * @throws {InvalidArgumentError} where there is none, with the nearest names.
   */
  async describe(name: string, options: CallOptions = {}): Promise<ActivationDescription> {
    const activations = await this.listActivations(options);
    const last = name.slice(name.lastIndexOf(".") + 1); // of torch.nn.ReLU
    const found =
      activations.find((activation) => answersTo(activation, name)) ??
      activations.find((activation) => answersTo(activation, last));
    if (found !== undefined) return found;
    // The server knows how to suggest a name.
    await this.evaluate(name, new Float32Array(0), options);
    throw new RangeError(`name: ${JSON.stringify(name)} is not in the catalogue`);
  }

  /** Version, CPU target, threads and limits of the server. */
  async serverInfo(options: CallOptions = {}): Promise<ServerInfo> {
    const request = encode(GetServerInfoRequestSchema, create(GetServerInfoRequestSchema));
    return toServerInfo(await this.#connection.unary(GET_SERVER_INFO, request, options));
  }

  /**
   * How the server is: whether new calls are welcome, which is what readiness probes ask; with `""`
   * as the service whether it lives.
   */
  async health(options: CallOptions & { readonly service?: string } = {}): Promise<Health> {
    const request = encodeHealthRequest(options.service ?? READINESS);
    return await this.#connection.unary(CHECK, request, options);
  }

  async #askLimits(options: CallOptions): Promise<Limits> {
    this.#limits ??= (await this.serverInfo(options)).limits;
    return this.#limits;
  }

  async *#stream<T extends FloatType>(
    header: StreamHeader<T>,
    message: Buffer,
    chunks: Iterable<StreamChunk | StreamData> | AsyncIterable<StreamChunk | StreamData>,
    options: CallOptions,
  ): AsyncGenerator<StreamResult<DataOf<T>>, void, undefined> {
    let isFirst = true;
    const bytes = toChunks(chunks, header.elementType);
    for await (const response of runStream(this.#connection, message, bytes, options)) {
      yield toStreamResult(response, header, isFirst);
      isFirst = false;
    }
  }
}

function targetsOf(given: string | readonly string[] | undefined): readonly string[] {
  const list = given ?? process.env["RECTIFIER_TARGET"] ?? "";
  const targets = typeof list === "string" ? list.split(",").filter(Boolean) : list;
  return targets.length === 0 ? [defaultTarget()] : targets;
}

function answersTo({ name, aliases }: ActivationDescription, asked: string): boolean {
  return name === asked || aliases.includes(asked);
}
