/** The answers of a stream, put together to whole tensors. */

import type { ElementType, FloatData } from "./element_type.js";
import { bytesOf } from "./element_type.js";
import type { EvaluateStreamResponse } from "./messages/rectifier/v1/activation_pb.js";
import type { Prepared } from "./prepare.js";
import { requireShape } from "./refusals.js";
import type { Parts } from "./result.js";
import { misfit, toParameterGradients, zeros } from "./result.js";
import type { Tensor } from "./tensor.js";

/** A tensor that fills up from its beginning. */
class Filling {
  readonly tensor: Tensor<FloatData>;
  #filled = 0;

  constructor(type: ElementType, shape: readonly number[]) {
    this.tensor = zeros(type, shape);
  }

  append(bytes: Uint8Array): void {
    const target = bytesOf(this.tensor.data);
    if (bytes.byteLength > target.byteLength - this.#filled) throw misfit("too many bytes");
    target.set(bytes, this.#filled);
    this.#filled += bytes.byteLength;
  }

  whole(): Tensor<FloatData> {
    if (this.#filled < this.tensor.data.byteLength) throw misfit("too few bytes");
    return this.tensor;
  }
}

/** Takes the answers in their order. */
export class Assembly {
  readonly #prepared: Prepared;
  readonly #type: ElementType;
  readonly #gradients: readonly Filling[];
  readonly #secondDerivative: Filling | undefined;
  #value: Filling | undefined;
  #parameterGradients: Parts["parameterGradients"];
  #hasBegun = false;

  /** `input` is the first of those of `prepared`, which are all of one type and shape. */
  constructor(prepared: Prepared, input: Tensor) {
    const { elementType: type, shape } = input;
    this.#prepared = prepared;
    this.#type = type;
    const asks = (quantity: (typeof prepared.quantities)[number]): boolean =>
      prepared.quantities.includes(quantity);
    this.#gradients = asks("gradient") ? prepared.inputs.map(() => new Filling(type, shape)) : [];
    this.#secondDerivative = asks("second_derivative") ? new Filling(type, shape) : undefined;
  }

  /** @throws {InvalidArgumentError} where the upstream turns out not to have the output's shape. */
  take(response: EvaluateStreamResponse): void {
    if (!this.#hasBegun) this.#begin(response.valueShape.map(Number));
    if (response.gradients.length > this.#gradients.length) throw misfit("too many gradients");
    this.#value?.append(response.value);
    response.gradients.forEach((bytes, i) => this.#gradients[i]?.append(bytes));
    this.#secondDerivative?.append(response.secondDerivative);
    if (response.parameterGradients.length > 0) {
      this.#parameterGradients = toParameterGradients(response.parameterGradients);
    }
  }

  /** What was asked for, once there are no more answers. */
  finish(): Parts {
    if (!this.#hasBegun) throw misfit("there is no answer");
    const { quantities } = this.#prepared;
    return {
      value: this.#value?.whole(),
      gradients: quantities.includes("gradient")
        ? this.#gradients.map((gradient) => gradient.whole())
        : undefined,
      parameterGradients: quantities.includes("parameter_gradient")
        ? (this.#parameterGradients ?? new Map())
        : undefined,
      secondDerivative: this.#secondDerivative?.whole(),
    };
  }

  #begin(outputShape: readonly number[]): void {
    this.#hasBegun = true;
    const { upstream, quantities } = this.#prepared;
    if (upstream !== undefined) {
      requireShape(upstream, outputShape, "evaluations[0].upstream", "the output's");
    }
    if (quantities.includes("value")) this.#value = new Filling(this.#type, outputShape);
  }
}
