/** Tensors: typed arrays with a shape and an element type. */

import { inspect } from "node:util";

import type { ElementType, FloatData, TensorData } from "./element_type.js";
import { arrayName, holds, isElementType } from "./element_type.js";
import type { Booleans, Numbers } from "./nested.js";
import { flatten, kindOf } from "./nested.js";

/** A dense, row-major tensor over a typed array, which it does not copy. */
export class Tensor<D extends TensorData = TensorData> {
  /** The elements, the last dimension fastest. */
  readonly data: D;
  /** The size of each dimension, outermost first; empty for a single element. */
  readonly shape: readonly number[];
  /** The type of the elements. */
  readonly elementType: ElementType;

  /**
   * `tensor()` is the same with fewer words.
   *
   * @param field what errors call it.
   * @throws {TypeError} where the array does not hold elements of that type.
   * @throws {RangeError} where data and shape do not go together.
   */
  constructor(data: D, shape: readonly number[], elementType: ElementType, field = "data") {
    if (!isElementType(elementType)) {
      throw new TypeError(`${field}: ${JSON.stringify(elementType)} is not an element type`);
    }
    if (!holds(data, elementType)) {
      const needed = arrayName(elementType);
      throw new TypeError(`${field}: ${elementType} needs a ${needed}; given ${kindOf(data)}`);
    }
    checkShape(shape, data.length, field);
    this.data = data;
    this.shape = [...shape];
    this.elementType = elementType;
  }

  /** `Tensor(float32 [2, 3])`. */
  toString(): string {
    return `Tensor(${this.elementType} [${this.shape.join(", ")}])`;
  }

  /** What `console.log` shows: type, shape and elements. */
  [inspect.custom](_depth: number, options: object): string {
    return `${this.toString()} ${inspect(this.data, options)}`;
  }
}

/**
 * What stands for a tensor: a Tensor; a Float32Array or Float64Array as a vector; a number or
 * nested lists of numbers as float64.
 *
 * A Uint16Array does not say whether it holds float16 or bfloat16, so it needs `tensor()`.
 */
export type TensorLike<D extends FloatData = FloatData> = Tensor<D> | D;

/**
 * A tensor over `data`, which is not copied.
 *
 * Shape: by default a vector, or the shape of the nested lists. The product of `shape` must be the
 * number of elements.
 *
 * @param elementType `float16` or `bfloat16` for the bits in a Uint16Array; `bool` for the zeros
 *     and ones of a mask in a Uint8Array; it may be left out for all else.
 * @throws {TypeError} where the array does not hold elements of that type.
 * @throws {RangeError} where data and shape do not go together.
 */
export function tensor<D extends Float32Array | Float64Array>(
  data: D,
  shape?: readonly number[],
): Tensor<D>;
export function tensor<D extends Uint16Array>(
  data: D,
  shape: readonly number[] | undefined,
  elementType: "float16" | "bfloat16",
): Tensor<D>;
export function tensor<D extends Uint8Array>(
  data: D,
  shape: readonly number[] | undefined,
  elementType: "bool",
): Tensor<D>;
export function tensor(data: Numbers, shape?: readonly number[]): Tensor<Float64Array>;
export function tensor(data: Booleans, shape?: readonly number[]): Tensor<Uint8Array>;
export function tensor(
  data: TensorData | Numbers | Booleans,
  shape?: readonly number[],
  elementType?: ElementType,
): Tensor {
  return makeTensor(data, shape, elementType, "data");
}

/** `tensor()` for any value; errors name `field`. */
export function makeTensor(
  data: unknown,
  shape: readonly number[] | undefined,
  elementType: ElementType | undefined,
  field: string,
): Tensor {
  if (Array.isArray(data) || typeof data === "number" || typeof data === "boolean") {
    return fromList(data, shape, field);
  }
  const type = elementType ?? typeOf(data, field);
  const array = data as TensorData; // as the constructor finds
  return new Tensor(array, shape ?? [array.length], type, field);
}

function fromList(list: unknown, shape: readonly number[] | undefined, field: string): Tensor {
  const flat = flatten(list, field);
  const whole = shape ?? flat.shape;
  if (typeof flat.elements[0] === "boolean") {
    return new Tensor(Uint8Array.from(flat.elements, Number), whole, "bool", field);
  }
  return new Tensor(Float64Array.from(flat.elements, Number), whole, "float64", field);
}

function typeOf(data: unknown, field: string): ElementType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Uint16Array) {
    throw new TypeError(
      `${field}: a Uint16Array may hold float16 or bfloat16; say which: tensor(data, shape, "float16")`,
    );
  }
  if (data instanceof Uint8Array) {
    throw new TypeError(
      `${field}: a Uint8Array holds a mask alone: tensor(data, shape, "bool"); convert numbers with ` +
        "Float32Array.from(data)",
    );
  }
  const remedy = ArrayBuffer.isView(data) ? "; convert it with Float32Array.from(data)" : "";
  throw new TypeError(
    `${field}: a Float32Array, a Float64Array, a Tensor or numbers are needed; given ${kindOf(data)}${remedy}`,
  );
}

function checkShape(shape: readonly number[], elements: number, field: string): void {
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new RangeError(
      `${field}: the shape ${inspect(shape)} is not a list of whole numbers >= 0`,
    );
  }
  const product = sizeOf(shape);
  if (product !== elements) {
    throw new RangeError(
      `${field}: the shape [${shape.join(", ")}] has ${product} elements, and the data ${elements}`,
    );
  }
}

/** How many elements a tensor of this shape has. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
