/** What comes back. */

import { inspect } from "node:util";

import type { FloatData } from "./element_type.js";
import { allocate, arrayOf, elementSize, fromWire } from "./element_type.js";
import { InternalError } from "./errors.js";
import type { Quantity } from "./evaluation.js";
import type {
  ParameterGradient,
  Result as ResultMessage,
  Tensor as TensorMessage,
} from "./messages/rectifier/v1/activation_pb.js";
import { Tensor, sizeOf } from "./tensor.js";

/** The tensors that an evaluation gave. */
export interface Parts<D extends FloatData = FloatData> {
  /** y. */
  readonly value?: Tensor<D> | undefined;
  /** dL/dx of each input. */
  readonly gradients?: readonly Tensor<D>[] | undefined;
  /** dL/dp by the parameter's name. */
  readonly parameterGradients?: ReadonlyMap<string, Tensor<FloatData>> | undefined;
  /** d2L/dx2. */
  readonly secondDerivative?: Tensor<D> | undefined;
}

/**
 * The quantities that were asked for. Each tensor has memory of its own, which may be written to,
 * and the input's element type; a parameter gradient has that of its argument.
 *
 * What was not asked for throws an Error that says how to ask.
 */
export class Result<D extends FloatData = FloatData> {
  readonly #parts: Parts<D>;

  /** Results come from a client; programs seldom make one. */
  constructor(parts: Parts<D>) {
    this.#parts = parts;
  }

  /** y, of the output's shape. */
  get value(): Tensor<D> {
    return askedFor(this.#parts.value, "value", "value");
  }

  /** dL/dx, of the input's shape. Throws for a pair, which has two: `gradients`. */
  get gradient(): Tensor<D> {
    const [first, ...others] = this.gradients;
    if (first !== undefined && others.length === 0) return first;
    throw new Error(`gradient: there are ${this.gradients.length}: see \`gradients\``);
  }

  /** dL/dx of each input. */
  get gradients(): readonly Tensor<D>[] {
    return askedFor(this.#parts.gradients, "gradients", "gradient");
  }

  /** dL/dp by the parameter's name, in its argument's shape and type; a number's is float64. */
  get parameterGradients(): ReadonlyMap<string, Tensor<FloatData>> {
    const name = "parameterGradients";
    return askedFor(this.#parts.parameterGradients, name, "parameter_gradient");
  }

  /** d2L/dx2, of the input's shape. */
  get secondDerivative(): Tensor<D> {
    return askedFor(this.#parts.secondDerivative, "secondDerivative", "second_derivative");
  }

  /** What `console.log` shows: the tensors that were asked for. */
  [inspect.custom](_depth: number, options: object): string {
    const given = Object.entries(this.#parts).filter(([, part]) => part !== undefined);
    return `Result ${inspect(Object.fromEntries(given), options)}`;
  }
}

function askedFor<T>(part: T | undefined, name: string, quantity: Quantity): T {
  if (part !== undefined) return part;
  throw new Error(`${name}: not asked for: add "${quantity}" to \`quantities\``);
}

/** The parts that a message has of the quantities asked for. */
export function toParts(message: ResultMessage, quantities: readonly Quantity[]): Parts {
  const asks = new Set(quantities);
  return {
    value: message.value && toTensor(message.value),
    gradients: asks.has("gradient") ? message.gradients.map(toTensor) : undefined,
    parameterGradients: asks.has("parameter_gradient")
      ? toParameterGradients(message.parameterGradients)
      : undefined,
    secondDerivative: message.secondDerivative && toTensor(message.secondDerivative),
  };
}

/** Gradients by the parameter's name. */
export function toParameterGradients(
  messages: readonly ParameterGradient[],
): ReadonlyMap<string, Tensor<FloatData>> {
  return new Map(
    messages.map(({ parameter, gradient }) => {
      if (gradient === undefined) throw misfit(`no gradient of ${parameter}`);
      return [parameter, toTensor(gradient)];
    }),
  );
}

function toTensor(message: TensorMessage): Tensor<FloatData> {
  const type = fromWire(message.elementType);
  const shape = message.shape.map(Number);
  if (type === undefined || type === "bool") {
    throw misfit(`a tensor of element type ${message.elementType}`);
  }
  if (message.data.byteLength !== sizeOf(shape) * elementSize(type)) {
    throw misfit(`${message.data.byteLength} bytes of ${type} [${shape.join(", ")}]`);
  }
  return new Tensor(arrayOf(type, message.data) as FloatData, shape, type);
}

/** The error for a reply that makes no sense. */
export function misfit(what: string): InternalError {
  return new InternalError(`the server's reply is wrong: ${what}`, { code: "INTERNAL" });
}

/** Zeros of this type and shape. */
export function zeros(type: Tensor["elementType"], shape: readonly number[]): Tensor<FloatData> {
  return new Tensor(allocate(type, sizeOf(shape)) as FloatData, shape, type);
}
