/** Tensors that outgrow the limits of a server: cut, streamed, refused. */

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { Client, tensor } from "../src/index.js";
import { MIB, ramp } from "./ramp.js";
import { recordMethods } from "./recorded.js";
import type { Server } from "./server.js";
import { startServer } from "./server.js";

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
    const x = ramp(150_000);
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

  it("tells of a reply that outgrows a message", async () => {
    // The value of crelu has twice as many elements as its input, which only the server knows.
    const x = ramp(MIB).subarray(0, 500_000); // 1.9 MiB
    await assert.rejects(client.evaluate("crelu", x, { quantities: ["value", "gradient"] }), {
      reason: "REPLY_TOO_LARGE",
    });
  });

  it("cuts a batch that no message holds", async () => {
    const inputs = [1, 2, 3].map((i) => new Float32Array(500_000).fill(i - 2)); // 1.9 MiB each
    const [first, , third] = await client.evaluateBatch(
      inputs.map((x) => ({ activation: "abs", inputs: x, quantities: ["value", "gradient"] })),
    );
    assert.deepEqual([first?.value.data[7], first?.gradient.data[7]], [1, -1]);
    assert.deepEqual([third?.value.data[7], third?.gradient.data[7]], [1, 1]);
    const wrong = inputs.map((x, i) => ({ activation: i === 2 ? "abss" : "abs", inputs: x }));
    await assert.rejects(client.evaluateBatch(wrong), /^InvalidArgumentError: evaluations\[2\]\./);
  });

  it("asks for them once", async () => {
    const { asked, channelOptions } = recordMethods();
    const counted = new Client({ target: server.unixTarget, channelOptions });
    await counted.evaluate("relu", 1);
    for (let i = 0; i < 2; ++i) await counted.evaluate("relu", ramp(300_000));
    counted.close();
    assert.deepEqual(asked, ["Evaluate", "GetServerInfo", "Evaluate", "Evaluate"]);
  });
});
