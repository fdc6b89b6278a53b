/** Streams of chunks, with the real server. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import type { StreamResult } from "../src/index.js";
import { CancelledError, Client } from "../src/index.js";
import { MIB, ramp } from "./ramp.js";
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

describe("evaluateStream", () => {
  const header = { activation: "relu", elementType: "float32", shape: [8] } as const;

  async function collect(results: AsyncIterable<StreamResult<Float32Array>>): Promise<number[]> {
    const all: number[] = [];
    for await (const { value } of results) all.push(...(value ?? []));
    return all;
  }

  it("takes typed arrays, bytes, and objects of them", async () => {
    const x = Float32Array.of(-1, 1, -2, 2, -3, 3, -4, 4);
    const bytes = new Uint8Array(x.buffer);
    const chunks = [
      x.subarray(0, 2),
      { input: x.subarray(2, 4) },
      bytes.subarray(16, 23),
      bytes.subarray(23),
    ];
    assert.deepEqual(
      await collect(client.evaluateStream(header, chunks)),
      [0, 1, 0, 2, 0, 3, 0, 4],
    );
  });

  it("gives shape first, parameter gradients last", async () => {
    const results: StreamResult<Float32Array>[] = [];
    const whole = { input: ramp(MIB), upstream: ramp(MIB).fill(1) };
    const stream = client.evaluateStream(
      {
        activation: "prelu",
        elementType: "float32",
        shape: [1024, 1024],
        hasUpstream: true,
        arguments: { weight: new Float32Array(1024).fill(0.5) },
        quantities: ["value", "gradient", "parameter_gradient"],
      },
      [whole],
    );
    for await (const result of stream) results.push(result);
    const shapes = results.map(({ valueShape }) => valueShape);
    assert.deepEqual(shapes, [[1024, 1024], ...shapes.slice(1).fill(undefined)]);
    const last = results.findIndex(({ parameterGradients }) => parameterGradients !== undefined);
    assert.ok(last > 0 && last === results.length - 1);
    assert.deepEqual(results[last]?.parameterGradients?.get("weight")?.shape, [1024]);
    const size = (part: (result: StreamResult<Float32Array>) => number | undefined): number =>
      results.reduce((sum, result) => sum + (part(result) ?? 0), 0);
    assert.equal(
      size(({ value }) => value?.length),
      MIB,
    );
    assert.equal(
      size(({ gradients }) => gradients?.[0]?.length),
      MIB,
    );
  });

  it("refuses chunks of another type", async () => {
    const chunks = [new Float64Array(8)] as unknown as Float32Array[];
    await assert.rejects(collect(client.evaluateStream(header, chunks)), {
      name: "TypeError",
      message:
        "chunk.input: float32 needs a Float32Array, or bytes in a Uint8Array; given a Float64Array",
    });
  });

  it("says what is missing", async () => {
    const stream = client.evaluateStream(header, [new Float32Array(7)]);
    await assert.rejects(collect(stream), { reason: "STREAM_TOO_SHORT" });
    const wrong = client.evaluateStream({ ...header, activation: "reluu" }, []);
    await assert.rejects(collect(wrong), /header\.activation\.name: .*did you mean "relu"/);
  });

  it("throws what the chunks throw", async () => {
    const broken = (function* () {
      yield new Float32Array(2);
      throw new Error("the disk is gone");
    })();
    await assert.rejects(collect(client.evaluateStream(header, broken)), /the disk is gone/);
  });

  it("ends the call and the chunks when it is left", { timeout: 60_000 }, async () => {
    let close = (): void => undefined;
    const closed = new Promise<void>((resolve) => (close = resolve));
    const endless = (function* () {
      try {
        for (;;) yield ramp(MIB);
      } finally {
        close();
      }
    })();
    const shape = [2 ** 40];
    for await (const { value } of client.evaluateStream({ ...header, shape }, endless)) {
      if (value !== undefined) break;
    }
    await closed;
  });

  it("ends when its client is closed", async () => {
    const other = new Client({ target: server.unixTarget });
    const stream = other.evaluateStream({ ...header, shape: [2 ** 40] }, [ramp(MIB)]);
    await stream.next();
    other.close();
    await assert.rejects(collect(stream), CancelledError);
  });

  it("holds back a caller whose results are not taken", async () => {
    let sent = 0;
    const endless = (function* () {
      for (;;) {
        sent += 1;
        yield ramp(MIB / 4);
      }
    })();
    const stream = client.evaluateStream({ ...header, shape: [2 ** 40] }, endless);
    await stream.next();
    let before = -1;
    while (before < sent) {
      before = sent;
      await sleep(300);
    }
    assert.ok(sent < 128, `${sent} MiB were sent`);
    await stream.return();
  });

  it("holds little memory", async () => {
    const [period, total] = [ramp(MIB / 4), 256 * MIB];
    const chunks = (function* () {
      for (let i = 0; i < total; i += period.byteLength) yield period;
    })();
    let [received, most] = [0, 0];
    const before = residentBytes();
    for await (const { value } of client.evaluateStream(
      { ...header, shape: [total / 4] },
      chunks,
    )) {
      received += value?.byteLength ?? 0;
      most = Math.max(most, residentBytes() - before);
    }
    assert.equal(received, total);
    assert.ok(most < 160 * MIB, `${Math.round(most / MIB)} MiB more were resident`);
  });
});

function residentBytes(): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) * 1024;
}
