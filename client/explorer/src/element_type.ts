/** The element types of tensors: their bytes, bits and rounding. */

import type { ElementTypeJson } from "./messages/rectifier/v1/activation_pb";

export const ELEMENT_TYPES = ["float64", "float32", "bfloat16", "float16"] as const;
export type ElementType = (typeof ELEMENT_TYPES)[number];

export function isElementType(text: string): text is ElementType {
  return (ELEMENT_TYPES as readonly string[]).includes(text);
}

/** As the API calls it. */
export function toMessage(type: ElementType): ElementTypeJson {
  return `ELEMENT_TYPE_${type.toUpperCase()}` as ElementTypeJson;
}

/** "float32" of "ELEMENT_TYPE_FLOAT32". */
export function fromMessage(type: ElementTypeJson): string {
  return type.slice("ELEMENT_TYPE_".length).toLowerCase();
}

const SIZES: Record<ElementType, number> = { float64: 8, float32: 4, bfloat16: 2, float16: 2 };

// For single numbers, of which one is converted at a time.
const scratch = new DataView(new ArrayBuffer(8));

/** The bits of `number`, rounded once, to nearest even. */
export function bitsOf(type: ElementType, number: number): bigint {
  switch (type) {
    case "float64":
      scratch.setFloat64(0, number);
      return scratch.getBigUint64(0);
    case "float32":
      scratch.setFloat32(0, number);
      return BigInt(scratch.getUint32(0));
    case "bfloat16":
      return BigInt(roundToBits(number, 8, 7));
    case "float16":
      return BigInt(roundToBits(number, 5, 10));
  }
}

/** "0x3f80", with all digits of the type. */
export function hexOf(type: ElementType, number: number): string {
  return `0x${bitsOf(type, number)
    .toString(16)
    .padStart(2 * SIZES[type], "0")}`;
}

/** The number of the type that is nearest, ties to even. */
export function roundTo(type: ElementType, number: number): number {
  switch (type) {
    case "float64":
      return number;
    case "float32":
      return Math.fround(number);
    case "bfloat16":
      return fromBits(roundToBits(number, 8, 7), 8, 7);
    case "float16":
      return fromBits(roundToBits(number, 5, 10), 5, 10);
  }
}

/** The shortest decimal that reads back as the number in its type. */
export function digitsOf(type: ElementType, number: number): string {
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number > 0 ? "inf" : "-inf";
  if (Object.is(number, -0)) return "-0";
  const longest = { float64: 17, float32: 9, bfloat16: 4, float16: 5 }[type];
  for (let digits = 1; digits < longest; ++digits) {
    const text = number.toPrecision(digits);
    if (roundTo(type, Number(text)) === number) return String(Number(text));
  }
  return String(type === "float64" ? number : Number(number.toPrecision(longest)));
}

/** Little-endian, tightly packed, in base64, as Tensor.data is in JSON. */
export function encode(type: ElementType, numbers: ArrayLike<number>): string {
  const size = SIZES[type];
  const bytes = new Uint8Array(numbers.length * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < numbers.length; ++i) {
    const number = numbers[i] ?? NaN;
    if (type === "float64") view.setFloat64(8 * i, number, true);
    else if (type === "float32") view.setFloat32(4 * i, number, true);
    else view.setUint16(2 * i, Number(bitsOf(type, number)), true);
  }
  return toBase64(bytes);
}

/** The numbers in what the API calls Tensor.data. */
export function decode(type: ElementType, data: string): Float64Array {
  const bytes = fromBase64(data);
  const size = SIZES[type];
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / size }, (_, i) => {
    if (type === "float64") return view.getFloat64(8 * i, true);
    if (type === "float32") return view.getFloat32(4 * i, true);
    const bits = view.getUint16(2 * i, true);
    return type === "bfloat16" ? fromBits(bits, 8, 7) : fromBits(bits, 5, 10);
  });
}

/** The double next to `number`, above or below. */
export function neighbour(number: number, direction: 1 | -1): number {
  if (number === 0) return direction * Number.MIN_VALUE;
  scratch.setFloat64(0, number);
  const step = number > 0 === direction > 0 ? 1n : -1n;
  scratch.setBigUint64(0, scratch.getBigUint64(0) + step);
  return scratch.getFloat64(0);
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  const chunk = 0x2000; // fewer than a call may have arguments
  for (let i = 0; i < bytes.length; i += chunk) {
    text += String.fromCharCode(...bytes.subarray(i, i + chunk));
  }
  return btoa(text);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; ++i) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

// Formats of 16 bits: a sign, `exponentBits`, `fractionBits`. All numbers below are exact in double.
function roundToBits(number: number, exponentBits: number, fractionBits: number): number {
  const sign = number < 0 || Object.is(number, -0) ? 1 << 15 : 0;
  const bias = 2 ** (exponentBits - 1) - 1;
  const infinity = (2 ** exponentBits - 1) << fractionBits;
  if (Number.isNaN(number)) return infinity | (1 << (fractionBits - 1));
  const size = Math.abs(number);
  if (size === Infinity) return sign | infinity;
  const exponent = Math.max(exponentOf(size), 1 - bias);
  // In units of the last place; what rounds up to the next power of two carries by itself.
  const units = roundToEven(size / 2 ** (exponent - fractionBits));
  const bits = units + ((exponent + bias - 1) << fractionBits);
  return sign | Math.min(bits, infinity);
}

function fromBits(bits: number, exponentBits: number, fractionBits: number): number {
  const sign = bits >>> 15 === 1 ? -1 : 1;
  const exponent = (bits >>> fractionBits) & (2 ** exponentBits - 1);
  const fraction = bits & (2 ** fractionBits - 1);
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias - fractionBits);
  return sign * (2 ** fractionBits + fraction) * 2 ** (exponent - bias - fractionBits);
}

function exponentOf(size: number): number {
  scratch.setFloat64(0, size);
  return ((scratch.getUint16(0) >>> 4) & 0x7ff) - 1023;
}

function roundToEven(number: number): number {
  const below = Math.floor(number);
  const rest = number - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
