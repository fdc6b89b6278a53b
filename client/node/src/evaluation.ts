/** What a caller asks for. */

import type { FloatData } from "./element_type.js";
import type { Booleans, Numbers } from "./nested.js";
import type { TensorLike } from "./tensor.js";
import { Tensor, makeTensor } from "./tensor.js";

/**
 * What an evaluation gives back. With L = sum(upstream * y):
 *
 * - `value`: y;
 * - `gradient`: dL/dx, which without an upstream is the derivative of an elementwise activation;
 * - `parameter_gradient`: dL/dp of every learnable parameter p;
 * - `second_derivative`: upstream * f''(x), of elementwise activations alone.
 */
export type Quantity = "value" | "gradient" | "parameter_gradient" | "second_derivative";

/** A tensor argument of rank 1 that runs along one axis of the input: see `perChannel`. */
export class PerChannel {
  /** The numbers, one for each place along the axis. */
  readonly tensor: Tensor;
  /** The axis of the input; negative counts from the end. */
  readonly axis: number;

  /** The same as `perChannel()`. */
  constructor(tensor: Tensor, axis: number) {
    this.tensor = tensor;
    this.axis = axis;
  }
}

/**
 * An argument that runs along one axis of the input, such as a slope for each channel. A plain
 * tensor is broadcast by NumPy's rules instead, that is along the last axes.
 *
 * @param axis of the input; negative counts from the end.
 * @throws {TypeError} for numbers that no tensor can be made of.
 * @throws {RangeError} where `axis` is not a whole number of 32 bits.
 */
export function perChannel(numbers: TensorLike | Numbers, axis: number): PerChannel {
  if (!Number.isInteger(axis) || Math.abs(axis) >= 2 ** 31) {
    throw new RangeError(`axis: a whole number is needed, such as 1 or -1; given ${axis}`);
  }
  return new PerChannel(toTensor(numbers, "numbers"), axis);
}

/**
 * What stands for a parameter: a number; a word (`true` and `false` are the words "true" and
 * "false"); a tensor, which is broadcast by NumPy's rules; a tensor along an axis; a list of
 * booleans as a mask.
 */
export type Argument = Numbers | Booleans | string | TensorLike | Tensor | PerChannel;

/** The tensor of an activation, or the two of a gated pair, in two typed arrays or Tensors. */
export type Inputs<D extends FloatData = FloatData> =
  TensorLike<D> | readonly [TensorLike<D>, TensorLike<D>];

/** How one activation is evaluated. */
export interface EvaluationOptions {
  /** By parameter name or alias; parameters left out take their default. */
  readonly arguments?: Readonly<Record<string, Argument>> | undefined;
  /** Take the choices of this framework: pytorch, jax, keras, onnx or tensorflow. */
  readonly preset?: string | undefined;
  /** The cotangent dL/dy, of the output's shape and the input's element type. Default: ones. */
  readonly upstream?: TensorLike | Numbers | undefined;
  /** What to compute, in one pass over the data. Default: the value alone. */
  readonly quantities?: readonly Quantity[] | undefined;
}

/** One activation over one input, or over the two of a gated pair, for `evaluateBatch`. */
export interface Evaluation extends EvaluationOptions {
  /** A name or alias of `listActivations()`, or a full one such as `torch.nn.ReLU`. */
  readonly activation: string;
  /** One tensor; for a gated pair also two, of which the argument `gate` says which one gates. */
  readonly inputs: Inputs | Numbers;
}

/** How one call is made. */
export interface CallOptions {
  /** Milliseconds that the call may take; Infinity: no end. Default: that of the client. */
  readonly timeout?: number | undefined;
  /** Ends the call when it aborts; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Metadata of the call, such as `{"x-request-id": "7"}`. A key that ends with `-bin` takes bytes.
   */
  readonly metadata?: Readonly<Record<string, string | Uint8Array>> | undefined;
}

/** `value` as a tensor; errors name `field`. */
export function toTensor(value: unknown, field: string): Tensor {
  if (value instanceof Tensor) return value as Tensor;
  return makeTensor(value, undefined, undefined, field);
}
