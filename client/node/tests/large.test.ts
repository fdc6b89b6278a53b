/** Tensors that outgrow a message, by themselves and chunk by chunk. */

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { Client, DeadlineExceededError, tensor } from "../src/index.js";
import { STREAM_BYTES } from "../src/evaluate.js";
import { MIB, ramp } from "./ramp.js";
import { recordMethods } from "./recorded.js";
import type { Server } from "./server.js";
import { startServer } from "./server.js";

describe("with the usual limits", () => {
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

  it("a large tensor gives the bits of a small one", async () => {
    const x = ramp(STREAM_BYTES / 4 + 1024);
    const given = {
      arguments: { beta: 1.5 },
      upstream: x,
      quantities: ["value", "gradient", "second_derivative", "parameter_gradient"],
    } as const;
    const large = await client.evaluate("swish", tensor(x, [x.length / 1024, 1024]), {
      ...given,
      upstream: tensor(x, [x.length / 1024, 1024]),
    });
    const row = x.subarray(0, 1024);
    const small = await client.evaluate("swish", row, { ...given, upstream: row });
    for (const part of ["value", "gradient", "secondDerivative"] as const) {
      assert.deepEqual(large[part].shape, [x.length / 1024, 1024]);
      for (let i = 0; i < x.length; i += 1024) {
        const bytes = Buffer.from(large[part].data.buffer, 4 * i, 4096);
        assert.ok(bytes.equals(Buffer.from(small[part].data.buffer)), `${part} at ${i}`);
      }
    }
    const sums = [large, small].map((r) => r.parameterGradients.get("beta")?.data[0] ?? NaN);
    assert.ok(Math.abs((sums[0] ?? 0) / (sums[1] ?? 0) / (x.length / 1024) - 1) < 1e-12);
  });

  it("more than 4 MiB go by a stream, and no less", async () => {
    const { asked, channelOptions } = recordMethods();
    const recorded = new Client({ target: server.unixTarget, channelOptions });
    await recorded.evaluate("relu", new Float32Array(STREAM_BYTES / 4));
    await recorded.evaluate("relu", new Float32Array(STREAM_BYTES / 4 + 1));
    const half = new Float32Array(STREAM_BYTES / 8 + 1);
    await recorded.evaluate("relu", half, { upstream: half });
    await recorded.evaluateBatch([1, 2, 3].map(() => ({ activation: "relu", inputs: half })));
    recorded.close();
    const stream = "EvaluateStream";
    assert.deepEqual(asked, ["GetServerInfo", "Evaluate", stream, stream, "Evaluate"]);
  });

  it("a large pair has a value and two gradients", async () => {
    const [gate, value] = [ramp(3 * MIB), ramp(3 * MIB).fill(2)];
    const result = await client.evaluate("bilinear_glu", [gate, value], {
      quantities: ["value", "gradient"],
    });
    const [first, second] = result.gradients;
    assert.deepEqual(
      result.value.data.subarray(0, 3),
      gate.subarray(0, 3).map((x) => 2 * x),
    );
    assert.deepEqual([first?.data.length, first?.data[7]], [3 * MIB, 2]);
    assert.ok(second && Buffer.from(second.data.buffer).equals(Buffer.from(gate.buffer)));
  });

  it("large rows reduce to the output's shape", async () => {
    const x = tensor(ramp(5 * MIB), [5, 1024, 1024]);
    const large = await client.evaluate("logsumexp", x, { arguments: { axis: -1 } });
    const small = await client.evaluate("logsumexp", x.data.subarray(0, 1024));
    assert.deepEqual(large.value.shape, [5, 1024]);
    assert.ok(large.value.data.every((y) => y === small.value.data[0]));
  });

  it("rows that are too long for a stream go by a call", async () => {
    const x = tensor(ramp(36 * MIB), [36 * MIB]); // 144 MiB, and as much back
    const { value } = await client.evaluate("softmax", x);
    assert.equal(value.data.length, 36 * MIB);
    assert.ok((value.data[1023] ?? 0) > (value.data[0] ?? 1));
  });

  it("a batch of large and small keeps its order and its numbers", async () => {
    const large = ramp(17 * MIB); // 68 MiB
    const batch = [
      { activation: "relu", inputs: 1 },
      { activation: "relu", inputs: large },
      { activation: "relu", inputs: 2 },
    ];
    const results = await client.evaluateBatch(batch);
    assert.deepEqual(
      results.map(({ value }) => value.data.length),
      [1, 17 * MIB, 1],
    );
    assert.equal(results[2]?.value.data[0], 2);
    const wrong = (i: number, activation: string) =>
      client.evaluateBatch(batch.map((one, k) => (k === i ? { ...one, activation } : one)));
    for (const i of [1, 2]) {
      await assert.rejects(wrong(i, "reluu"), (error: Error) => {
        assert.match(error.message, new RegExp(`^evaluations\\[${i}\\]\\.activation\\.name: no`));
        return true;
      });
    }
  });

  it("large tensors that do not go together are refused with the field", async () => {
    const x = ramp(5 * MIB);
    const upstream = (given: Float32Array | Float64Array | number[]) =>
      client.evaluate("relu", x, { upstream: given, quantities: ["gradient"] });
    const field = "evaluations[0].upstream";
    const at =
      (path: string, reason: string) =>
      (error: { reason: string; violations: { field: string }[] }) => {
        assert.deepEqual([error.violations[0]?.field, error.reason], [path, reason]);
        return true;
      };
    await assert.rejects(upstream(new Float32Array(3)), at(field, "SHAPE_MISMATCH"));
    await assert.rejects(upstream(ramp(6 * MIB)), at(field, "SHAPE_MISMATCH"));
    await assert.rejects(upstream(new Float64Array(5 * MIB)), at(field, "ELEMENT_TYPE_MISMATCH"));
    await assert.rejects(
      client.evaluate("glu", [x, x.subarray(1)]),
      at("evaluations[0].inputs[1]", "SHAPE_MISMATCH"),
    );
    await assert.rejects(
      client.evaluate("softmax", x, { arguments: { axis: 1 } }),
      at('evaluations[0].activation.arguments["axis"]', "AXIS_OUT_OF_RANGE"),
    );
  });

  it("a timeout ends a large evaluation", async () => {
    const call = client.evaluate("gelu", ramp(16 * MIB), { timeout: 15 });
    await assert.rejects(call, DeadlineExceededError);
  });

  it("a signal ends a large evaluation", async () => {
    const signal = AbortSignal.timeout(15);
    await assert.rejects(client.evaluate("gelu", ramp(16 * MIB), { signal }), {
      name: "TimeoutError",
    });
  });
});
