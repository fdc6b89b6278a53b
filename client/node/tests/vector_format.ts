/** The files of tests/conformance/vectors, whose README tells what each key is. */

import type { ElementType } from "../src/element_type.js";
import type { Quantity } from "../src/evaluation.js";

export interface HexTensor {
  readonly type: ElementType;
  readonly shape: number[];
  readonly data: string;
}

export interface HexArgument {
  readonly number?: string;
  readonly word?: string;
  readonly tensor?: number;
  readonly axis?: number;
}

export interface HexEvaluation {
  readonly activation: string;
  readonly inputs: number[];
  readonly quantities: Quantity[];
  readonly arguments?: Record<string, HexArgument>;
  readonly preset?: string;
  readonly upstream?: number;
}

export interface HexResult {
  readonly value?: HexTensor;
  readonly gradients?: HexTensor[];
  readonly second_derivative?: HexTensor;
  readonly parameter_gradients?: Record<string, HexTensor>;
}

export interface ExpectedError {
  readonly code: string;
  readonly reason: string;
  readonly fields: string[];
  readonly element?: number | string;
  readonly retry: boolean;
  readonly says?: string[];
}

export interface Case {
  readonly name: string;
  readonly tensors?: HexTensor[];
  readonly evaluations?: HexEvaluation[];
  readonly request?: string;
  readonly stream?: string[];
  readonly token?: string;
  readonly timeout?: number;
  readonly results?: HexResult[];
  readonly error?: ExpectedError;
}

export interface Vectors {
  readonly server_flags: string[];
  readonly server_files: Record<string, string>;
  readonly cases: Case[];
}

/** The cases of a file, in which the data of a tensor stand as often as in the tensor. */
export function parse(text: string): Vectors {
  return JSON.parse(text, (_, value: unknown) => {
    if (!isRepeated(value)) return value;
    const { repeat, ...tensor } = value;
    return { ...tensor, data: tensor.data.repeat(repeat) };
  }) as Vectors;
}

function isRepeated(value: unknown): value is HexTensor & { repeat: number } {
  return typeof value === "object" && value !== null && "repeat" in value;
}
