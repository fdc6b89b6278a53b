/** Evaluations to messages. */

import { create } from "@bufbuild/protobuf";

import type { ElementType } from "./element_type.js";
import { bytesOf, toWire } from "./element_type.js";
import type { Quantity } from "./evaluation.js";
import type {
  Activation,
  Argument,
  Evaluation,
  StreamHeader,
} from "./messages/rectifier/v1/activation_pb.js";
import {
  ActivationSchema,
  ArgumentSchema,
  EvaluationSchema,
  Quantity as WireQuantity,
  StreamHeaderSchema,
  TensorSchema,
} from "./messages/rectifier/v1/activation_pb.js";
import type { Prepared, PreparedActivation, PreparedArgument } from "./prepare.js";
import type { Tensor } from "./tensor.js";

const WIRE_QUANTITIES: Readonly<Record<Quantity, WireQuantity>> = {
  value: WireQuantity.VALUE,
  gradient: WireQuantity.GRADIENT,
  parameter_gradient: WireQuantity.PARAMETER_GRADIENT,
  second_derivative: WireQuantity.SECOND_DERIVATIVE,
};

/** Evaluations as messages, and the tensors that these refer to by index. */
export interface Request {
  readonly evaluations: Evaluation[];
  readonly tensors: readonly Tensor[];
}

/** What a stream is about, besides the activation. */
export interface StreamOutline {
  readonly elementType: ElementType;
  readonly shape: readonly number[];
  readonly inputs: number;
  readonly hasUpstream: boolean;
}

/** The messages of `prepared`, in which each Tensor has one index. */
export function toRequest(prepared: readonly Prepared[]): Request {
  const indices = new Map<Tensor, number>();
  const evaluations = prepared.map((one) =>
    create(EvaluationSchema, {
      inputs: one.inputs.map((input) => indexOf(input, indices)),
      activation: toActivation(one, indices),
      quantities: one.quantities.map((quantity) => WIRE_QUANTITIES[quantity]),
      ...(one.upstream === undefined ? {} : { upstream: indexOf(one.upstream, indices) }),
    }),
  );
  return { evaluations, tensors: [...indices.keys()] };
}

/** The header of a stream. */
export function toHeader(activation: PreparedActivation, outline: StreamOutline): StreamHeader {
  const indices = new Map<Tensor, number>();
  return create(StreamHeaderSchema, {
    activation: toActivation(activation, indices),
    quantities: activation.quantities.map((quantity) => WIRE_QUANTITIES[quantity]),
    elementType: toWire(outline.elementType),
    shape: outline.shape.map(BigInt),
    inputs: outline.inputs,
    hasUpstream: outline.hasUpstream,
    tensors: [...indices.keys()].map((tensor) =>
      create(TensorSchema, { ...toTensorHead(tensor), data: bytesOf(tensor.data) }),
    ),
  });
}

/** The fields of a Tensor message, but for its payload. */
export function toTensorHead(tensor: Tensor): { elementType: number; shape: bigint[] } {
  return { elementType: toWire(tensor.elementType), shape: tensor.shape.map(BigInt) };
}

function toActivation(activation: PreparedActivation, indices: Map<Tensor, number>): Activation {
  const message = create(ActivationSchema, { name: activation.name, preset: activation.preset });
  for (const [name, argument] of activation.arguments) {
    message.arguments[name] = toArgument(argument, indices);
  }
  return message;
}

function toArgument(argument: PreparedArgument, indices: Map<Tensor, number>): Argument {
  if ("number" in argument) {
    return create(ArgumentSchema, { value: { case: "number", value: argument.number } });
  }
  if ("word" in argument) {
    return create(ArgumentSchema, { value: { case: "word", value: argument.word } });
  }
  const value = { case: "tensor" as const, value: indexOf(argument.tensor, indices) };
  return create(
    ArgumentSchema,
    argument.axis === undefined ? { value } : { value, axis: argument.axis },
  );
}

function indexOf(tensor: Tensor, indices: Map<Tensor, number>): number {
  const index = indices.get(tensor) ?? indices.size;
  indices.set(tensor, index);
  return index;
}
