/** What the server would refuse, refused before it is uploaded, with the server's reasons. */

import type { Limits } from "./catalogue.js";
import { InvalidArgumentError } from "./errors.js";
import type { Prepared } from "./prepare.js";
import type { Tensor } from "./tensor.js";
import { sizeOf } from "./tensor.js";

/** An error as the server makes it: the field, then what is wrong with it. */
export function refusal(field: string, description: string, reason: string): InvalidArgumentError {
  return new InvalidArgumentError(`${field}: ${description}`, {
    code: "INVALID_ARGUMENT",
    reason,
    violations: [{ field, description }],
  });
}

/** @throws {InvalidArgumentError} where `tensor` does not have this shape, which is `whose`. */
export function requireShape(
  tensor: Tensor,
  shape: readonly number[],
  field: string,
  whose: string,
): void {
  if (tensor.shape.length === shape.length && tensor.shape.every((size, i) => size === shape[i])) {
    return;
  }
  const given = `shape ${shapeText(tensor.shape)}; must be ${whose}, ${shapeText(shape)}`;
  throw refusal(field, given, "SHAPE_MISMATCH");
}

/** @throws {InvalidArgumentError} where `tensor` is not of the input's element type. */
export function requireType(tensor: Tensor, input: Tensor, field: string): void {
  if (tensor.elementType === input.elementType) return;
  const given = `element type ${tensor.elementType}; must be the input's, ${input.elementType}`;
  throw refusal(field, given, "ELEMENT_TYPE_MISMATCH");
}

/**
 * Holds a large Evaluate to the server's limits.
 *
 * @param index of each evaluation in what the caller gave.
 * @throws {InvalidArgumentError} that names the limit and says what to do.
 */
export function checkLimits(
  evaluations: readonly Prepared[],
  index: readonly number[],
  messageBytes: number,
  limits: Limits,
): void {
  checkCount(evaluations.length, limits.maxEvaluations, "evaluations", "TOO_MANY_EVALUATIONS");
  const tensors = new Set<Tensor>();
  evaluations.forEach((evaluation, i) => {
    for (const [field, tensor] of tensorsOf(evaluation, `evaluations[${index[i] ?? i}]`)) {
      checkTensor(tensor, field, limits);
      tensors.add(tensor);
    }
  });
  checkCount(tensors.size, limits.maxTensors, "tensors", "TOO_MANY_TENSORS");
  if (messageBytes <= limits.maxMessageBytes) return;
  throw refusal(
    "tensors",
    `the request takes ${messageBytes} bytes; this server's limit for a message is ` +
      `${limits.maxMessageBytes}: make several calls of it`,
    "REQUEST_TOO_LARGE",
  );
}

/** @throws {InvalidArgumentError} where a stream cannot have such arguments. */
export function checkHeader(evaluation: Prepared, headerBytes: number, limits: Limits): void {
  for (const [field, tensor] of argumentsOf(evaluation, "evaluations[0]")) {
    checkTensor(tensor, field, limits);
  }
  if (headerBytes <= limits.maxMessageBytes) return;
  throw refusal(
    "evaluations[0].activation.arguments",
    `their tensors take ${headerBytes} bytes; this server's limit for a message is ` +
      `${limits.maxMessageBytes}: give arguments that are broadcast`,
    "ARGUMENTS_TOO_LARGE",
  );
}

type Named = readonly [field: string, tensor: Tensor];

function* tensorsOf(evaluation: Prepared, path: string): Generator<Named> {
  for (const [i, input] of evaluation.inputs.entries()) yield [`${path}.inputs[${i}]`, input];
  if (evaluation.upstream !== undefined) yield [`${path}.upstream`, evaluation.upstream];
  yield* argumentsOf(evaluation, path);
}

function* argumentsOf(evaluation: Prepared, path: string): Generator<Named> {
  for (const [name, argument] of evaluation.arguments) {
    if (!("tensor" in argument)) continue;
    yield [`${path}.activation.arguments[${JSON.stringify(name)}].tensor`, argument.tensor];
  }
}

function checkTensor({ shape }: Tensor, field: string, limits: Limits): void {
  if (shape.length > limits.maxRank) {
    const given = `the rank is ${shape.length}; this server's limit is ${limits.maxRank}`;
    throw refusal(field, given, "RANK_TOO_HIGH");
  }
  if (sizeOf(shape) > limits.maxElements) {
    const given = `${shapeText(shape)} has more than ${limits.maxElements} elements, this server's limit`;
    throw refusal(field, given, "TOO_MANY_ELEMENTS");
  }
}

function checkCount(count: number, limit: number, field: string, reason: string): void {
  if (count <= limit) return;
  throw refusal(field, `there are ${count}; this server's limit is ${limit}`, reason);
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
