/** What a caller gives, checked, and with a Tensor in each place that takes one. */

import type { Evaluation, Quantity } from "./evaluation.js";
import { PerChannel, toTensor } from "./evaluation.js";
import { kindOf } from "./nested.js";
import { Tensor } from "./tensor.js";

/** An argument in one of the three forms that the API has. */
export type PreparedArgument =
  | { readonly number: number }
  | { readonly word: string }
  | { readonly tensor: Tensor; readonly axis?: number };

/** An activation with its arguments, checked. */
export interface PreparedActivation {
  readonly name: string;
  readonly preset: string;
  readonly arguments: ReadonlyMap<string, PreparedArgument>;
  readonly quantities: readonly Quantity[];
}

/** An evaluation, checked. */
export interface Prepared extends PreparedActivation {
  readonly inputs: readonly Tensor[];
  readonly upstream: Tensor | undefined;
}

/** The quantities, in the order in which they are listed where all are. */
export const QUANTITIES: readonly Quantity[] = [
  "value",
  "gradient",
  "parameter_gradient",
  "second_derivative",
];

/** Makes one Tensor of each object, however often it is given, so that it is sent once. */
class Tensors {
  readonly #known = new Map<unknown, Tensor>();

  of(source: unknown, field: string): Tensor {
    const tensor = this.#known.get(source) ?? toTensor(source, field);
    if (typeof source === "object") this.#known.set(source, tensor);
    return tensor;
  }
}

/**
 * Checks evaluations. Errors name the field as the server would.
 *
 * @throws {TypeError} or {RangeError} for what cannot be sent.
 */
export function prepare(evaluations: readonly Evaluation[]): Prepared[] {
  requireList(evaluations);
  const tensors = new Tensors();
  return evaluations.map((evaluation, i) => prepareOne(evaluation, `evaluations[${i}]`, tensors));
}

function requireList(evaluations: unknown): void {
  if (Array.isArray(evaluations)) return;
  throw new TypeError(`evaluations: a list is needed; given ${kindOf(evaluations)}`);
}

function prepareOne(evaluation: Evaluation, path: string, tensors: Tensors): Prepared {
  const { upstream } = evaluation;
  return {
    ...prepareActivation(evaluation, path, tensors),
    inputs: inputsOf(evaluation.inputs).map((input, i) =>
      tensors.of(input, `${path}.inputs[${i}]`),
    ),
    upstream: upstream === undefined ? undefined : tensors.of(upstream, `${path}.upstream`),
  };
}

/** The same for an activation without inputs. */
export function prepareActivation(
  given: Pick<Evaluation, "activation" | "arguments" | "preset" | "quantities">,
  path: string,
  tensors = new Tensors(),
): PreparedActivation {
  const prepared = new Map<string, PreparedArgument>();
  const field = `${path}.activation.arguments`;
  for (const [name, argument] of Object.entries(checkArguments(given.arguments ?? {}, field))) {
    prepared.set(name, prepareArgument(argument, `${field}[${JSON.stringify(name)}]`, tensors));
  }
  return {
    name: checkName(given.activation, `${path}.activation.name`),
    preset: checkName(given.preset ?? "", `${path}.activation.preset`),
    arguments: prepared,
    quantities: checkQuantities(given.quantities ?? ["value"], `${path}.quantities`),
  };
}

// Two typed arrays or Tensors are a pair; anything else is one input.
function inputsOf(inputs: unknown): readonly unknown[] {
  const isPair =
    Array.isArray(inputs) &&
    inputs.length > 0 &&
    inputs.every((input) => input instanceof Tensor || ArrayBuffer.isView(input));
  return isPair ? inputs : [inputs];
}

function checkName(name: unknown, field: string): string {
  if (typeof name === "string") return name;
  throw new TypeError(`${field}: a string is needed; given ${kindOf(name)}`);
}

function checkArguments(given: unknown, field: string): Record<string, unknown> {
  const isPlain =
    given instanceof Object &&
    !Array.isArray(given) &&
    !(given instanceof Map) &&
    !ArrayBuffer.isView(given);
  if (isPlain) return given as Record<string, unknown>;
  throw new TypeError(`${field}: an object such as { axis: -1 } is needed; given ${kindOf(given)}`);
}

function prepareArgument(given: unknown, field: string, tensors: Tensors): PreparedArgument {
  if (given === undefined || given === null) {
    throw new TypeError(`${field}: ${given} is given; leave the argument out to take its default`);
  }
  if (typeof given === "number") return { number: given };
  if (typeof given === "string") return { word: given };
  if (typeof given === "boolean") return { word: String(given) };
  if (given instanceof PerChannel) return given;
  return { tensor: tensors.of(given, field) };
}

function checkQuantities(given: unknown, field: string): readonly Quantity[] {
  if (!Array.isArray(given) || given.length === 0) {
    throw new TypeError(`${field}: a list such as ["value", "gradient"] is needed`);
  }
  for (const quantity of given as unknown[]) {
    if (!(QUANTITIES as readonly unknown[]).includes(quantity)) {
      const allowed = QUANTITIES.map((known) => `"${known}"`).join(", ");
      throw new TypeError(`${field}: ${JSON.stringify(quantity)} is none of ${allowed}`);
    }
  }
  return given as Quantity[];
}
