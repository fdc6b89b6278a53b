/** What callers give and get, with the real server. */

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { inspect } from "node:util";

import type { Result } from "../src/index.js";
import { Client, perChannel, tensor } from "../src/index.js";
import type { Server } from "./server.js";
import { startServer } from "./server.js";

let server: Server;
let client: Client;

before(async () => {
  server = await startServer();
  client = new Client({ target: server.unixTarget });
});

after(async () => {
  client.close();
  await server.stop();
});

describe("evaluate", () => {
  it("gives all quantities in the input's type and shape", async () => {
    const x = tensor(Float32Array.of(-2, -0.5, 0.5, 2), [2, 2]);
    const result = await client.evaluate("elu", x, {
      quantities: ["value", "gradient", "second_derivative", "parameter_gradient"],
    });
    for (const part of [result.value, result.gradient, result.secondDerivative]) {
      assert.deepEqual([part.elementType, part.shape], ["float32", [2, 2]]);
      assert.ok(part.data instanceof Float32Array);
    }
    assert.deepEqual(result.value.data.slice(2), Float32Array.of(0.5, 2));
    assert.deepEqual(result.gradient.data.slice(2), Float32Array.of(1, 1));
    assert.deepEqual(result.secondDerivative.data.slice(2), Float32Array.of(0, 0));
    assert.deepEqual([...result.parameterGradients.keys()], ["alpha"]);
    assert.equal(result.parameterGradients.get("alpha")?.elementType, "float64");
  });

  it("takes numbers and nested lists of them as float64", async () => {
    const scalar = await client.evaluate("relu", 1.5);
    assert.deepEqual(scalar.value, tensor(1.5));
    assert.deepEqual(scalar.value.shape, []);
    const rows = [
      [0, 0],
      [0, Math.log(3)],
    ];
    const { value } = await client.evaluate("softmax", rows, { arguments: { axis: -1 } });
    assert.deepEqual(value, tensor([0.5, 0.5, 0.25, 0.75], [2, 2]));
  });

  it("takes 16-bit floats as bits", async () => {
    const bits = tensor(Uint16Array.of(0xbf80, 0x3f80), undefined, "bfloat16"); // -1, 1
    const { value } = await client.evaluate("relu", bits);
    assert.equal(value.elementType, "bfloat16");
    assert.deepEqual(value.data, Uint16Array.of(0, 0x3f80));
  });

  it("takes a view into a larger buffer", async () => {
    const whole = Float32Array.of(9, 9, -1, 2, 9);
    const { value } = await client.evaluate("relu", whole.subarray(2, 4));
    assert.deepEqual(value.data, Float32Array.of(0, 2));
  });

  it("takes arguments in every form", async () => {
    const x = tensor(Float32Array.of(-1, -1, 1, 1), [2, 2]);
    const slopes = Float32Array.of(0.25, 0.5);
    const value = async (
      argument: Parameters<typeof perChannel>[0] | ReturnType<typeof perChannel>,
    ) => (await client.evaluate("prelu", x, { arguments: { weight: argument } })).value.data;
    assert.deepEqual(await value(0.5), Float32Array.of(-0.5, -0.5, 1, 1));
    assert.deepEqual(await value(slopes), Float32Array.of(-0.25, -0.5, 1, 1));
    assert.deepEqual(await value([[0.25], [9]]), Float32Array.of(-0.25, -0.25, 1, 1));
    assert.deepEqual(await value(perChannel(slopes, 0)), Float32Array.of(-0.25, -0.25, 1, 1));
    const masked = await client.evaluate("softmax", x, { arguments: { mask: [true, false] } });
    assert.deepEqual(masked.value.data, Float32Array.of(1, 0, 1, 0));
    const all = await client.evaluate("softmax", x, { arguments: { axis: [0, 1] } });
    const word = await client.evaluate("softmax", x, { arguments: { axis: "all" } });
    assert.deepEqual(all.value, word.value);
  });

  it("contracts with an upstream", async () => {
    const slopes = Float32Array.of(0.25, 0.5);
    const result = await client.evaluate("prelu", Float32Array.of(-1, 2), {
      arguments: { weight: slopes },
      upstream: Float32Array.of(10, 100),
      quantities: ["gradient", "parameter_gradient"],
    });
    assert.deepEqual(result.gradient.data, Float32Array.of(2.5, 100));
    assert.deepEqual(result.parameterGradients.get("weight")?.data, Float32Array.of(-10, 0));
  });

  it("takes a pair in two arrays and gives two gradients", async () => {
    const pair = await client.evaluate("glu", [Float32Array.of(0, 0), Float32Array.of(5, 7)], {
      arguments: { gate: "first" },
      quantities: ["value", "gradient"],
    });
    assert.deepEqual(pair.value.data, Float32Array.of(2.5, 3.5));
    assert.deepEqual(
      pair.gradients.map(({ data }) => data),
      [Float32Array.of(1.25, 1.75), Float32Array.of(0.5, 0.5)],
    );
    assert.throws(() => pair.gradient, /there are 2: see `gradients`/);
  });

  it("takes the choices of a framework", async () => {
    const x = Float32Array.of(1);
    const ours = await client.evaluate("gelu", x);
    const jax = await client.evaluate("gelu", x, { preset: "jax" });
    const tanh = await client.evaluate("gelu_tanh", x);
    assert.notDeepEqual(ours.value, jax.value);
    assert.deepEqual(jax.value, tanh.value);
  });

  it("says how to ask for what was not asked for", async () => {
    const result: Result = await client.evaluate("relu", 1);
    assert.throws(() => result.gradient, /add "gradient" to `quantities`/);
    assert.throws(() => result.gradients, /add "gradient" to `quantities`/);
    assert.throws(() => result.secondDerivative, /add "second_derivative" to `quantities`/);
    assert.throws(() => result.parameterGradients, /add "parameter_gradient" to `quantities`/);
    const gradient = await client.evaluate("relu", 1, { quantities: ["gradient"] });
    assert.throws(() => gradient.value, /add "value" to `quantities`/);
  });

  it("gives results that own their memory and can be written to", async () => {
    const { value } = await client.evaluate("relu", Float32Array.of(1, 2));
    assert.equal(value.data.buffer.byteLength, 8);
    value.data[0] = 7;
    assert.deepEqual(value.data, Float32Array.of(7, 2));
  });

  it("shows results as text", async () => {
    const result = await client.evaluate("relu", Float32Array.of(1));
    assert.equal(inspect(result), "Result { value: Tensor(float32 [1]) Float32Array(1) [ 1 ] }");
  });

  it("takes inputs of no elements", async () => {
    const { value } = await client.evaluate("relu", tensor(new Float32Array(0), [0, 3]));
    assert.deepEqual([value.shape, value.data.length], [[0, 3], 0]);
  });
});

describe("evaluateBatch", () => {
  it("gives results in the order of the evaluations", async () => {
    const x = Float32Array.of(-1, 2);
    const [relu, identity] = await client.evaluateBatch([
      { activation: "relu", inputs: x },
      { activation: "identity", inputs: x, quantities: ["gradient"] },
    ]);
    assert.deepEqual(relu?.value.data, Float32Array.of(0, 2));
    assert.deepEqual(identity?.gradient.data, Float32Array.of(1, 1));
  });

  it("fails as a whole", async () => {
    await assert.rejects(
      client.evaluateBatch([
        { activation: "relu", inputs: 1 },
        { activation: "reluu", inputs: 1 },
      ]),
      { code: "INVALID_ARGUMENT", reason: "UNKNOWN_ACTIVATION" },
    );
  });

  it("is refused by the server where it is empty", async () => {
    await assert.rejects(client.evaluateBatch([]), { reason: "NO_EVALUATIONS" });
  });
});
