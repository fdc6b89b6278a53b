/** Evaluations of any size: in one call, or one by one, of which the large ones go by a stream. */

import type { Limits } from "./catalogue.js";
import type { Connection, TimedOptions } from "./connection.js";
import { method } from "./connection.js";
import { bytesOf } from "./element_type.js";
import { RectifierError, renameFields } from "./errors.js";
import type { CallOptions } from "./evaluation.js";
import { Assembly } from "./assembly.js";
import { ActivationService } from "./messages/rectifier/v1/activation_pb.js";
import type { Prepared } from "./prepare.js";
import { checkHeader, checkLimits, refusal, requireShape, requireType } from "./refusals.js";
import { toHeader, toRequest } from "./request.js";
import type { Parts } from "./result.js";
import { misfit, toParts } from "./result.js";
import { runStream } from "./stream.js";
import type { Tensor } from "./tensor.js";
import { encodeHeader, encodeRequest } from "./wire.js";

const EVALUATE = method(ActivationService.method.evaluate);

/** For no more than that, in or out, it is not worth asking for the server's limits. */
const ASK_BYTES = 2 ** 20;

/**
 * An evaluation of more, in or out, goes by a stream. That is as fast as a message, from twice as
 * many bytes on faster, and takes less memory on both sides.
 */
export const STREAM_BYTES = 4 * 2 ** 20;

/** A batch of more, in or out, is not sent in one message. */
const BATCH_BYTES = 64 * 2 ** 20;

// Why a stream cannot do what an Evaluate may: too much of the input belongs together.
const NOT_BY_STREAM = new Set(["ROWS_TOO_LONG", "STREAM_TOO_LARGE"]);

// Why a stream ends whose tensors do not have the sizes that belong together.
const UNEQUAL = new Set(["UNEQUAL_PROGRESS", "TOO_MANY_BYTES", "STREAM_TOO_SHORT"]);

/** Evaluates them all, or throws. `askLimits` gives the server's limits. */
export async function evaluateAll(
  connection: Connection,
  evaluations: readonly Prepared[],
  askLimits: (options: CallOptions) => Promise<Limits>,
  callOptions: CallOptions,
): Promise<Parts[]> {
  const options = connection.startClock(callOptions);
  const all = [...evaluations.keys()];
  const size = sizeOfCall(evaluations);
  if (size <= ASK_BYTES) return await byCall(connection, evaluations, all, undefined, options);
  const limits = await askLimits(options);
  if (evaluations.length > 1 && size <= Math.min(BATCH_BYTES, limits.maxMessageBytes)) {
    return await byCall(connection, evaluations, all, limits, options);
  }
  const parts: Parts[] = [];
  for (const i of all) parts.push(await alone(connection, evaluations, i, limits, options));
  return parts;
}

async function alone(
  connection: Connection,
  evaluations: readonly Prepared[],
  index: number,
  limits: Limits,
  options: TimedOptions,
): Promise<Parts> {
  const evaluation = evaluations[index];
  if (evaluation !== undefined && goesByStream(sizeOfEvaluation(evaluation), limits)) {
    try {
      return await byStream(connection, evaluation, limits, options);
    } catch (error) {
      if (!isTakenByEvaluate(error)) throw named(error, [index]);
    }
  }
  const [parts] = await byCall(connection, evaluations, [index], limits, options);
  return parts ?? {};
}

interface Size {
  /** Of inputs and upstream. */
  readonly streamed: number;
  /** Of all tensors. */
  readonly sent: number;
  readonly received: number;
  /** Of the largest input. */
  readonly elements: number;
}

// What is received is more only where an activation has two outputs for each input.
function sizeOfEvaluation(evaluation: Prepared): Size {
  const { inputs, upstream, quantities } = evaluation;
  const bytes = (tensors: readonly Tensor[]): number =>
    tensors.reduce((sum, { data }) => sum + data.byteLength, 0);
  const input = bytes(inputs);
  const streamed = input + (upstream === undefined ? 0 : bytes([upstream]));
  const copies = quantities.filter((quantity) => quantity !== "parameter_gradient").length;
  return {
    streamed,
    sent: bytes(tensorsOf(evaluation)),
    received: input * copies,
    elements: Math.max(...inputs.map(({ data }) => data.length)),
  };
}

function goesByStream({ streamed, sent, received, elements }: Size, limits: Limits): boolean {
  if (Math.max(streamed, received) > STREAM_BYTES || elements > limits.maxElements) return true;
  return Math.max(sent, received) > limits.maxMessageBytes;
}

// Of all tensors, each once, or of all results, whichever are more.
function sizeOfCall(evaluations: readonly Prepared[]): number {
  const tensors = new Set(evaluations.flatMap(tensorsOf));
  const sent = [...tensors].reduce((sum, { data }) => sum + data.byteLength, 0);
  const received = evaluations.reduce((sum, one) => sum + sizeOfEvaluation(one).received, 0);
  return Math.max(sent, received);
}

function tensorsOf({ inputs, upstream, arguments: given }: Prepared): readonly Tensor[] {
  const others = [...given.values()].flatMap((one) => ("tensor" in one ? [one.tensor] : []));
  return [...inputs, ...(upstream === undefined ? [] : [upstream]), ...others];
}

function isTakenByEvaluate(error: unknown): boolean {
  return error instanceof RectifierError && NOT_BY_STREAM.has(error.reason);
}

async function byStream(
  connection: Connection,
  evaluation: Prepared,
  limits: Limits,
  options: TimedOptions,
): Promise<Parts> {
  const [input, second] = evaluation.inputs;
  const { upstream } = evaluation;
  if (input === undefined) throw refusal("evaluations[0].inputs", "there is none", "NO_INPUTS");
  checkTensors(input, evaluation);
  const header = encodeHeader(
    toHeader(evaluation, {
      elementType: input.elementType,
      shape: input.shape,
      inputs: evaluation.inputs.length,
      hasUpstream: upstream !== undefined,
    }),
  );
  checkHeader(evaluation, header.byteLength, limits);
  const whole = {
    input: bytesOf(input.data),
    ...(second && { second_input: bytesOf(second.data) }),
    ...(upstream && { upstream: bytesOf(upstream.data) }),
  };
  const assembly = new Assembly(evaluation, input);
  try {
    for await (const response of runStream(connection, header, [whole], options)) {
      assembly.take(response);
    }
  } catch (error) {
    if (upstream === undefined || !isUnequal(error)) throw error;
    const given = `shape [${upstream.shape.join(", ")}]; must be the output's`;
    throw refusal("evaluations[0].upstream", given, "SHAPE_MISMATCH");
  }
  return assembly.finish();
}

// The inputs have the size that the header says, so what does not fit is the upstream.
function isUnequal(error: unknown): boolean {
  return error instanceof RectifierError && UNEQUAL.has(error.reason);
}

function checkTensors(input: Tensor, { inputs, upstream }: Prepared): void {
  inputs.forEach((other, i) => {
    const field = `evaluations[0].inputs[${i}]`;
    requireType(other, input, field);
    requireShape(other, input.shape, field, "the first one's");
  });
  if (upstream !== undefined) requireType(upstream, input, "evaluations[0].upstream");
}

async function byCall(
  connection: Connection,
  evaluations: readonly Prepared[],
  indices: readonly number[],
  limits: Limits | undefined,
  options: TimedOptions,
): Promise<Parts[]> {
  const chosen = evaluations.filter((_, i) => indices.includes(i));
  const request = toRequest(chosen);
  if (limits !== undefined) {
    const bytes = request.tensors.reduce((sum, { data }) => sum + data.byteLength, 0);
    checkLimits(chosen, indices, bytes, limits);
  }
  const { results } = await connection
    .unary(EVALUATE, encodeRequest(request), options)
    .catch((error: unknown) => {
      throw named(error, indices);
    });
  if (results.length !== chosen.length) throw misfit(`${results.length} results`);
  return results.map((result, i) => toParts(result, chosen[i]?.quantities ?? []));
}

// The server knows a stream's header, or the evaluations of one call, by numbers of its own.
function named(error: unknown, indices: readonly number[]): unknown {
  if (!(error instanceof RectifierError)) return error;
  return renameFields(error, (text) =>
    text
      .replaceAll(/\bheader\.(shape|element_type)\b/g, "evaluations[0].inputs[0].$1")
      .replaceAll(/\bheader\./g, "evaluations[0].")
      .replaceAll(/\bevaluations\[(\d+)\]/g, (path, i: string) => {
        const index = indices[Number(i)];
        return index === undefined ? path : `evaluations[${index}]`;
      }),
  );
}
