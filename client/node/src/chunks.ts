/** What a caller of a stream gives and gets: chunks of tensors that are nowhere whole. */

import type { DataOf, FloatData, FloatType } from "./element_type.js";
import { arrayName, arrayOf, bytesOf, elementSize, holds } from "./element_type.js";
import type { EvaluationOptions } from "./evaluation.js";
import type { EvaluateStreamResponse } from "./messages/rectifier/v1/activation_pb.js";
import { kindOf } from "./nested.js";
import type { Parts } from "./result.js";
import { misfit, toParameterGradients } from "./result.js";
import type { Chunk } from "./wire.js";

/** What is evaluated by a stream: an Evaluation without its tensors. */
export interface StreamHeader<T extends FloatType = FloatType> extends Omit<
  EvaluationOptions,
  "upstream"
> {
  /** A name or alias of `listActivations()`. */
  readonly activation: string;
  /** The type of all elements, of the inputs and of the upstream. */
  readonly elementType: T;
  /** The shape of each whole input. */
  readonly shape: readonly number[];
  /** 2 for a gated pair in two tensors. Default: 1. */
  readonly inputs?: 1 | 2 | undefined;
  /** Whether the chunks carry an upstream, of the output's shape. Default: it is ones. */
  readonly hasUpstream?: boolean | undefined;
}

/** The next elements of a tensor in a typed array, or their little-endian bytes in a Uint8Array. */
export type StreamData = FloatData | Uint8Array;

/**
 * The next part of each tensor, of any size, row-major. Tensors must keep pace: the server takes one
 * at most 4 MiB ahead of another.
 */
export interface StreamChunk {
  /** Of the input, or of the pair's first tensor. */
  readonly input?: StreamData | undefined;
  /** Of the pair's second tensor. */
  readonly secondInput?: StreamData | undefined;
  /** Of the upstream. */
  readonly upstream?: StreamData | undefined;
}

/** The next part of each quantity asked for. */
export interface StreamResult<D extends FloatData = FloatData> {
  /** In the first result: the output's shape. */
  readonly valueShape?: readonly number[];
  /** The next elements of the value. */
  readonly value?: D;
  /** By input. */
  readonly gradients?: readonly D[];
  /** The next elements of the second derivative. */
  readonly secondDerivative?: D;
  /** In the last result: by the parameter's name, whole. */
  readonly parameterGradients?: Parts["parameterGradients"];
}

/** The chunks as bytes. */
export async function* toChunks(
  chunks: Iterable<StreamChunk | StreamData> | AsyncIterable<StreamChunk | StreamData>,
  type: FloatType,
): AsyncGenerator<Chunk, void, undefined> {
  for await (const given of chunks) {
    const { input, secondInput, upstream } = ArrayBuffer.isView(given) ? { input: given } : given;
    yield {
      ...(input && { input: toBytes(input, type, "chunk.input") }),
      ...(secondInput && { second_input: toBytes(secondInput, type, "chunk.second_input") }),
      ...(upstream && { upstream: toBytes(upstream, type, "chunk.upstream") }),
    };
  }
}

function toBytes(data: unknown, type: FloatType, field: string): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (holds(data, type)) return bytesOf(data);
  const needed = `a ${arrayName(type)}, or bytes in a Uint8Array`;
  throw new TypeError(`${field}: ${type} needs ${needed}; given ${kindOf(data)}`);
}

/** An answer as a caller gets it. `isFirst`: of its stream. */
export function toStreamResult<T extends FloatType>(
  response: EvaluateStreamResponse,
  header: StreamHeader<T>,
  isFirst: boolean,
): StreamResult<DataOf<T>> {
  const asks = new Set(header.quantities ?? ["value"]);
  const array = (bytes: Uint8Array): DataOf<T> => toArray(bytes, header.elementType);
  return {
    ...(isFirst && { valueShape: response.valueShape.map(Number) }),
    ...(asks.has("value") && { value: array(response.value) }),
    ...(asks.has("gradient") && { gradients: response.gradients.map(array) }),
    ...(asks.has("second_derivative") && { secondDerivative: array(response.secondDerivative) }),
    ...(response.parameterGradients.length > 0 && {
      parameterGradients: toParameterGradients(response.parameterGradients),
    }),
  };
}

function toArray<T extends FloatType>(bytes: Uint8Array, type: T): DataOf<T> {
  if (bytes.byteLength % elementSize(type) !== 0) throw misfit("part of an element");
  return arrayOf(type, bytes) as DataOf<T>;
}
