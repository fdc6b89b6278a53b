/** Tensors that outgrow a message, by themselves and chunk by chunk. */

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { Client, DeadlineExceededError, tensor } from "../src/index.js";
import { STREAM_BYTES } from "../src/evaluate.js";
import { MIB, ramp } from "./ramp.js";
import type { Server } from "./server.js";
import { startServer } from "./server.js";

/** Options of a client, and the methods that it calls. */
function recordMethods(): { asked: string[]; channelOptions: Record<string, unknown> } {
  const asked: string[] = [];
  interface Options {
    readonly method_definition: { readonly path: string };
  }
  const record = (options: Options, next: (options: Options) => unknown): unknown => {
    asked.push(options.method_definition.path.split("/").at(-1) ?? "");
    return next(options);
  };
  return { asked, channelOptions: { interceptors: [record] } };
}

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

  it("more than 16 MiB go by a stream, and no less", async () => {
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
    const large = ramp(5 * MIB);
    const batch = [
      { activation: "relu", inputs: 1 },
      { activation: "relu", inputs: large },
      { activation: "relu", inputs: 2 },
    ];
    const results = await client.evaluateBatch(batch);
    assert.deepEqual(
      results.map(({ value }) => value.data.length),
      [1, 5 * MIB, 1],
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

describe("with low limits", () => {
  let server: Server;
  let client: Client;

  before(async () => {
    server = await startServer(
      "--max_message_bytes=4MiB",
      "--max_elements=600000",
      "--max_tensors=3",
      "--max_evaluations=4",
    );
    client = new Client({ target: server.unixTarget });
  });

  after(async () => {
    client.close();
    await server.stop();
  });

  it("goes by a stream where a call would be too large", async () => {
    const x = ramp(1.5 * MIB); // 6 MiB, and more elements than a tensor may have
    const { value } = await client.evaluate("relu", x);
    assert.equal(value.data.length, x.length);
    const two = await client.evaluate("relu", x.subarray(0, 600_000), {
      quantities: ["value", "gradient"], // 2.3 MiB, of which the reply has 4.6
    });
    assert.equal(two.gradient.data.length, 600_000);
    const many = await client.evaluate("relu", x.subarray(0, 600_001));
    assert.equal(many.value.data.length, 600_001);
    const weight = new Float32Array(600_000).fill(2); // with the input 4.6 MiB
    const prelu = await client.evaluate("prelu", x.subarray(0, 600_000), { arguments: { weight } });
    assert.deepEqual(prelu.value.data.subarray(0, 2), Float32Array.of(-8, -7.984375));
  });

  it("refuses before the upload what the server would refuse", async () => {
    const x = ramp(300_000);
    const batch = (count: number, inputs: () => Float32Array) =>
      client.evaluateBatch(
        Array.from({ length: count }, () => ({ activation: "relu", inputs: inputs() })),
      );
    await assert.rejects(
      batch(5, () => x),
      { reason: "TOO_MANY_EVALUATIONS" },
    );
    await assert.rejects(
      batch(4, () => x.slice()),
      { reason: "TOO_MANY_TENSORS" },
    );
    const much = batch(3, () => ramp(500_000));
    await assert.rejects(much, { reason: "REQUEST_TOO_LARGE", message: /make several calls/ });
    const row = tensor(ramp(600_001), [600_001, 1]); // along its first axis: too long for a stream
    await assert.rejects(client.evaluate("softmax", row, { arguments: { axis: 0 } }), {
      reason: "TOO_MANY_ELEMENTS",
      message: /^evaluations\[0\]\.inputs\[0\]: \[600001, 1\] has more than 600000 elements/,
    });
    const mask = tensor(new Uint8Array(600_001), undefined, "bool");
    await assert.rejects(client.evaluate("softmax", ramp(600_001), { arguments: { mask } }), {
      reason: "TOO_MANY_ELEMENTS",
      message: /^evaluations\[0\]\.activation\.arguments\["mask"\]\.tensor: \[600001\] has/,
    });
    const weight = new Float64Array(550_000); // 4.2 MiB
    const input = ramp(550_000);
    await assert.rejects(client.evaluate("prelu", input, { arguments: { weight } }), {
      reason: "ARGUMENTS_TOO_LARGE",
      message: /arguments: their tensors take .*: give arguments that are broadcast/,
    });
  });

  it("asks for them once", async () => {
    const { asked, channelOptions } = recordMethods();
    const counted = new Client({ target: server.unixTarget, channelOptions });
    await counted.evaluate("relu", 1);
    for (let i = 0; i < 2; ++i) await counted.evaluate("relu", ramp(200_000));
    counted.close();
    assert.deepEqual(asked, ["Evaluate", "GetServerInfo", "Evaluate", "Evaluate"]);
  });
});
