/** The types of a tensor's elements: their names, their sizes, their typed arrays. */

import { endianness } from "node:os";

import { ElementType as Wire } from "./messages/rectifier/v1/activation_pb.js";

/**
 * The type of a tensor's elements, in the words of the catalogue.
 *
 * `bool` is for masks alone: nothing is computed in it.
 */
export type ElementType = "float16" | "bfloat16" | "float32" | "float64" | "bool";

/** The element types that results can have. */
export type FloatType = Exclude<ElementType, "bool">;

/**
 * The typed arrays that hold numbers: `float32` in a Float32Array, `float64` in a Float64Array, and
 * the bits of `float16` or `bfloat16` in a Uint16Array, because JavaScript has no type for them.
 */
export type FloatData = Float32Array | Float64Array | Uint16Array;

/** The typed array that holds elements of a type. */
export type DataOf<T extends FloatType> = T extends "float32"
  ? Float32Array
  : T extends "float64"
    ? Float64Array
    : Uint16Array;

/** The typed arrays that a tensor can hold: those of numbers, and a Uint8Array of `bool`. */
export type TensorData = FloatData | Uint8Array;

interface Storage {
  readonly wire: Wire;
  readonly array:
    | Float32ArrayConstructor
    | Float64ArrayConstructor
    | Uint16ArrayConstructor
    | Uint8ArrayConstructor;
}

const STORAGE: Readonly<Record<ElementType, Storage>> = {
  float16: { wire: Wire.FLOAT16, array: Uint16Array },
  bfloat16: { wire: Wire.BFLOAT16, array: Uint16Array },
  float32: { wire: Wire.FLOAT32, array: Float32Array },
  float64: { wire: Wire.FLOAT64, array: Float64Array },
  bool: { wire: Wire.BOOL, array: Uint8Array },
};

// What travels is little-endian, and a typed array is as the machine is.
if (endianness() !== "LE") {
  throw new Error("rectifier: this client runs on little-endian machines alone");
}

/** Whether `word` is the name of an element type. */
export function isElementType(word: unknown): word is ElementType {
  return typeof word === "string" && Object.hasOwn(STORAGE, word);
}

/** How many bytes an element has. */
export function elementSize(type: ElementType): number {
  return STORAGE[type].array.BYTES_PER_ELEMENT;
}

/** The number that stands for `type` in messages. */
export function toWire(type: ElementType): Wire {
  return STORAGE[type].wire;
}

/** The name of a number in messages; undefined for one that this client does not know. */
export function fromWire(wire: Wire): ElementType | undefined {
  const names = Object.keys(STORAGE) as ElementType[];
  return names.find((name) => STORAGE[name].wire === wire);
}

/** Whether `data` is the kind of typed array that holds elements of `type`. */
export function holds(data: unknown, type: ElementType): data is TensorData {
  return data instanceof STORAGE[type].array;
}

/** The name of the kind of typed array that holds elements of `type`. */
export function arrayName(type: ElementType): string {
  return STORAGE[type].array.name;
}

/** An array of zeros with `size` elements, which owns its memory. */
export function allocate(type: ElementType, size: number): TensorData {
  return new STORAGE[type].array(size);
}

/** The bytes of a typed array, where they are. */
export function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * An array of its own with these little-endian bytes. A view would have to be aligned, and would
 * keep the whole message that the bytes came in.
 */
export function arrayOf(type: ElementType, bytes: Uint8Array): TensorData {
  const array = allocate(type, bytes.byteLength / elementSize(type));
  bytesOf(array).set(bytes);
  return array;
}
