/**
 * Messages with large payloads, as bytes. The writer of the protobuf library grows by doubling and
 * copies nested messages; here a payload is copied once, to where it is sent from.
 */

import { create, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

import { bytesOf } from "./element_type.js";
import type { StreamHeader } from "./messages/rectifier/v1/activation_pb.js";
import {
  EvaluateRequestSchema,
  EvaluateStreamRequestSchema,
  TensorSchema,
} from "./messages/rectifier/v1/activation_pb.js";
import type { Request } from "./request.js";
import { toTensorHead } from "./request.js";
import type { Tensor } from "./tensor.js";

// A test holds these numbers to activation.proto.
/** EvaluateRequest.tensors. */
export const TENSORS = 2;
/** Tensor.data. */
export const DATA = 15;
/** EvaluateStreamRequest.chunk. */
export const CHUNK = 2;
/** The fields of StreamChunk, in the order of the parts of a chunk. */
export const PARTS = { input: 1, second_input: 2, upstream: 3 } as const;

/** An EvaluateRequest. */
export function encodeRequest({ evaluations, tensors }: Request): Buffer {
  const head = toBinary(EvaluateRequestSchema, create(EvaluateRequestSchema, { evaluations }));
  return Buffer.concat([head, ...tensors.flatMap((tensor) => field(TENSORS, tensorParts(tensor)))]);
}

/** An EvaluateStreamRequest with a header. */
export function encodeHeader(value: StreamHeader): Buffer {
  const message = create(EvaluateStreamRequestSchema, { message: { case: "header", value } });
  return Buffer.from(toBinary(EvaluateStreamRequestSchema, message));
}

/** The next bytes of each tensor of a stream; those that it does not have are left out. */
export type Chunk = Readonly<Partial<Record<keyof typeof PARTS, Uint8Array>>>;

/** An EvaluateStreamRequest with a chunk. */
export function encodeChunk(chunk: Chunk): Buffer {
  const names = Object.keys(PARTS) as (keyof typeof PARTS)[];
  const fields = names.flatMap((name) => {
    const part = chunk[name];
    return part === undefined || part.byteLength === 0 ? [] : field(PARTS[name], [part]);
  });
  return Buffer.concat(field(CHUNK, fields));
}

function tensorParts(tensor: Tensor): Uint8Array[] {
  const head = toBinary(TensorSchema, create(TensorSchema, toTensorHead(tensor)));
  return [head, ...field(DATA, [bytesOf(tensor.data)])];
}

/** A length-delimited field whose content is in parts. */
function field(number: number, content: readonly Uint8Array[]): Uint8Array[] {
  const length = content.reduce((sum, part) => sum + part.byteLength, 0);
  const head = new BinaryWriter().tag(number, WireType.LengthDelimited).uint32(length).finish();
  return [head, ...content];
}
