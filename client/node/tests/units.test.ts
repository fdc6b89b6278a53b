/** Parts that need no server. */

import assert from "node:assert/strict";
import { chmodSync, mkdirSync } from "node:fs";
import { afterEach, describe, it } from "node:test";

import { create, fromBinary } from "@bufbuild/protobuf";

import { bytesOf } from "../src/element_type.js";
import {
  ElementType,
  EvaluateRequestSchema,
  EvaluateStreamRequestSchema,
  StreamChunkSchema,
  TensorSchema,
} from "../src/messages/rectifier/v1/activation_pb.js";
import { defaultTarget } from "../src/target.js";
import { perChannel, tensor } from "../src/index.js";
import { toRequest } from "../src/request.js";
import { prepare } from "../src/prepare.js";
import { slice } from "../src/stream.js";
import * as wire from "../src/wire.js";
import { TemporaryFolder } from "./server.js";

describe("defaultTarget", () => {
  const runtime = process.env["XDG_RUNTIME_DIR"];

  afterEach(() => {
    if (runtime === undefined) delete process.env["XDG_RUNTIME_DIR"];
    else process.env["XDG_RUNTIME_DIR"] = runtime;
  });

  it("is the first of three sockets whose folder can be entered", async () => {
    const folder = await TemporaryFolder.make();
    const user = process.getuid?.() ?? 0;
    delete process.env["XDG_RUNTIME_DIR"];
    assert.equal(defaultTarget(folder.path), `unix:/tmp/rectifierd-${user}.sock`);
    process.env["XDG_RUNTIME_DIR"] = "relative";
    assert.equal(defaultTarget(folder.path), `unix:/tmp/rectifierd-${user}.sock`);
    process.env["XDG_RUNTIME_DIR"] = folder.path;
    assert.equal(defaultTarget(folder.path), `unix:${folder.path}/rectifierd.sock`);
    const service = `${folder.path}/run/rectifier`;
    mkdirSync(service, { recursive: true });
    assert.equal(defaultTarget(folder.path), `unix:${service}/rectifierd.sock`);
    chmodSync(service, 0o600);
    await folder.remove();
  });
});

describe("messages that are written by hand", () => {
  it("have the numbers of activation.proto", () => {
    assert.equal(wire.TENSORS, EvaluateRequestSchema.field.tensors.number);
    assert.equal(wire.DATA, TensorSchema.field.data.number);
    assert.equal(wire.CHUNK, EvaluateStreamRequestSchema.field.chunk.number);
    const parts = StreamChunkSchema.fields.map(({ name, number }) => [name, number]);
    assert.deepEqual(wire.PARTS, Object.fromEntries(parts));
  });

  it("are what the library reads", () => {
    const [x, y] = [tensor(Float32Array.of(1, 2), [2, 1]), tensor([true, false])];
    const request = toRequest(
      prepare([
        {
          activation: "a",
          inputs: x,
          preset: "jax",
          arguments: { mask: y, p: perChannel([3], -1), w: "x", b: true, n: -0 },
          upstream: x,
          quantities: ["gradient", "value"],
        },
      ]),
    );
    const message = fromBinary(EvaluateRequestSchema, bytesOf(wire.encodeRequest(request)));
    const types = [ElementType.FLOAT32, ElementType.BOOL, ElementType.FLOAT64];
    const tensors = [x, y, tensor([3])].map(({ shape, data }, i) =>
      create(TensorSchema, {
        elementType: types[i] ?? ElementType.UNSPECIFIED,
        shape: shape.map(BigInt),
        data: bytesOf(data),
      }),
    );
    const { evaluations } = request;
    assert.deepEqual(message, create(EvaluateRequestSchema, { evaluations, tensors }));
    const [evaluation] = evaluations;
    assert.deepEqual([evaluation?.inputs, evaluation?.upstream], [[0], 0]);
    const { b, n, p } = evaluation?.activation?.arguments ?? {};
    assert.deepEqual(b?.value, { case: "word", value: "true" });
    assert.deepEqual(n?.value, { case: "number", value: -0 });
    assert.equal(p?.axis, -1);
  });

  it("carry the parts of a chunk", () => {
    const chunk = { input: Uint8Array.of(1), upstream: Uint8Array.of(2, 3) };
    const message = fromBinary(EvaluateStreamRequestSchema, wire.encodeChunk(chunk));
    assert.equal(message.message.case, "chunk");
    const { input, secondInput, upstream } = message.message.value;
    assert.deepEqual(
      [input, secondInput, upstream].map((part) => [...part]),
      [[1], [], [2, 3]],
    );
  });
});

describe("slice", () => {
  it("keeps tensors side by side", () => {
    const chunk = { input: new Uint8Array(1000), upstream: new Uint8Array(100) };
    const parts = [...slice(chunk, 256)];
    assert.equal(parts.length, 5);
    for (const { input, upstream } of parts) {
      assert.deepEqual([input?.byteLength, upstream?.byteLength], [200, 20]);
    }
  });

  it("gives nothing of nothing", () => {
    assert.deepEqual([...slice({ input: new Uint8Array(0) })], []);
  });
});

describe("perChannel", () => {
  it("takes an axis that is a whole number", () => {
    assert.throws(() => perChannel([1], 0.5), /axis: a whole number is needed.*given 0\.5/);
    assert.throws(() => perChannel([1], 2 ** 31), RangeError);
  });
});
