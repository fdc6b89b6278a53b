/** How calls are made: deadlines, cancellation, metadata, retries, several servers. */

import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";

import { Metadata, status } from "@grpc/grpc-js";

import {
  CancelledError,
  Client,
  DeadlineExceededError,
  ResourceExhaustedError,
  UnavailableError,
  tensor,
} from "../src/index.js";
import type { Answer } from "./fake_server.js";
import { FakeServer } from "./fake_server.js";
import type { Server } from "./server.js";
import { TemporaryFolder, startServer } from "./server.js";

const NEVER = (): Promise<Answer> => new Promise(() => undefined);

const open: { close?(): void; stop?(): void }[] = [];

afterEach(() => {
  for (const one of open.splice(0)) {
    one.close?.();
    one.stop?.();
  }
});

async function serve(...given: Parameters<typeof FakeServer.start>): Promise<FakeServer> {
  const fake = await FakeServer.start(...given);
  open.push(fake);
  return fake;
}

function connect(...options: ConstructorParameters<typeof Client>): Client {
  const client = new Client(...options);
  open.unshift(client);
  return client;
}

async function evaluations(client: Client, count: number): Promise<void> {
  for (let i = 0; i < count; ++i) await client.evaluate("relu", 1);
}

describe("a call", () => {
  it("ends with its timeout, which is named", async () => {
    const { target } = await serve(NEVER);
    const client = connect({ target, timeout: 20 });
    await assert.rejects(client.evaluate("relu", 1), (error: DeadlineExceededError) => {
      assert.ok(error instanceof DeadlineExceededError);
      assert.deepEqual([error.target, error.timeout], [target, 20]);
      assert.match(error.message, new RegExp(`^${target}: .* timeout of 20 ms`));
      return true;
    });
    await assert.rejects(client.evaluate("relu", 1, { timeout: 7 }), { timeout: 7 });
  });

  it("takes no timeout that makes no sense", async () => {
    assert.throws(() => new Client({ timeout: 0 }), /timeout: milliseconds above 0/);
    const client = connect({ target: "unix:/nowhere" });
    await assert.rejects(client.evaluate("relu", 1, { timeout: NaN }), /given NaN/);
  });

  it("is rejected with the reason of its signal", async () => {
    const client = connect({ target: (await serve(NEVER)).target });
    const controller = new AbortController();
    const call = client.evaluate("relu", 1, { signal: controller.signal });
    const reason = new Error("enough");
    setImmediate(() => {
      controller.abort(reason);
    });
    await assert.rejects(call, reason);
    await assert.rejects(client.evaluate("relu", 1, { signal: controller.signal }), reason);
    const timed = client.evaluate("relu", 1, { signal: AbortSignal.timeout(5) });
    await assert.rejects(timed, { name: "TimeoutError" });
  });

  it("carries metadata", async () => {
    const fake = await serve();
    const metadata = { "x-request-id": "7", "trace-bin": Uint8Array.of(1, 2) };
    await connect({ target: fake.target }).evaluate("relu", 1, { metadata });
    const [given] = fake.metadata;
    assert.deepEqual(
      [given?.get("x-request-id"), given?.get("trace-bin")],
      [["7"], [Buffer.of(1, 2)]],
    );
  });

  it("is cancelled when the client is closed", async () => {
    const client = connect({ target: (await serve(NEVER)).target });
    const call = client.evaluate("relu", 1);
    setImmediate(() => {
      client.close();
    });
    await assert.rejects(call, CancelledError);
    await assert.rejects(client.evaluate("relu", 1), /the client is closed/);
  });

  it("sends an array that several evaluations use once", async () => {
    const fake = await serve();
    const [x, y] = [Float32Array.of(1), tensor(Float32Array.of(1))];
    await connect({ target: fake.target }).evaluateBatch([
      { activation: "a", inputs: x, upstream: x, arguments: { p: y } },
      { activation: "b", inputs: y, arguments: { q: x } },
    ]);
    assert.equal(fake.requests[0]?.tensors.length, 2);
  });
});

describe("a call that fails without having been begun", () => {
  it("is tried again after as long as the server says", async () => {
    const metadata = new Metadata();
    metadata.set("grpc-retry-pushback-ms", "30");
    const full = { code: status.RESOURCE_EXHAUSTED, details: "full", metadata };
    const fake = await serve((call) => (call < 2 ? full : undefined));
    const start = performance.now();
    await connect({ target: fake.target }).evaluate("relu", 1);
    assert.equal(fake.requests.length, 3);
    assert.ok(performance.now() - start >= 55);
  });

  it("is tried again with a large message", async () => {
    const fake = await serve((call) =>
      call === 0 ? { code: status.UNAVAILABLE, details: "draining" } : undefined,
    );
    await connect({ target: fake.target }).evaluate("relu", new Float32Array(2 ** 20));
    assert.equal(fake.requests.length, 2);
  });

  it("fails after five attempts", async () => {
    const metadata = new Metadata();
    metadata.set("grpc-retry-pushback-ms", "1");
    const fake = await serve(() => ({
      code: status.RESOURCE_EXHAUSTED,
      details: "full",
      metadata,
    }));
    await assert.rejects(
      connect({ target: fake.target }).evaluate("relu", 1),
      ResourceExhaustedError,
    );
    assert.equal(fake.requests.length, 5);
  });

  it("is not tried again where the request is at fault", async () => {
    const fake = await serve(() => ({ code: status.INVALID_ARGUMENT, details: "no" }));
    await assert.rejects(connect({ target: fake.target }).evaluate("relu", 1), { message: "no" });
    assert.equal(fake.requests.length, 1);
  });

  it("names the target where there is no server", async () => {
    const folder = await TemporaryFolder.make();
    const target = `unix:${folder.path}/none.sock`;
    await assert.rejects(connect({ target }).evaluate("relu", 1), (error: UnavailableError) => {
      assert.ok(error instanceof UnavailableError);
      assert.match(error.message, /^unix:.*none\.sock: no server answers: connect ENOENT/);
      return true;
    });
    await folder.remove();
  });
});

describe("several servers", () => {
  it("share the calls, be they sockets, names or addresses", async () => {
    const folder = await TemporaryFolder.make();
    const socket = await serve(undefined, `unix:${folder.path}/a.sock`);
    const address = await serve();
    const named = await serve();
    const host = `localhost:${named.target.split(":")[1] ?? ""}`;
    const client = connect({ target: [socket.target, address.target, host] });
    // Connections come up one by one, and a call waits for the first alone.
    for (let i = 0; i < 100 && named.requests.length * address.requests.length === 0; ++i) {
      await evaluations(client, 3);
    }
    const before = [socket, address, named].map(({ requests }) => requests.length);
    await evaluations(client, 30);
    const shares = [socket, address, named].map(
      ({ requests }, i) => requests.length - (before[i] ?? 0),
    );
    // "localhost" may be two addresses, of which one serves.
    for (const share of shares) assert.ok(share >= 7, shares.join());
    assert.equal(client.target, `${socket.target},${address.target},${host}`);
    await folder.remove();
  });

  it("stand in for one another", async () => {
    const [first, second] = [await serve(), await serve()];
    const client = connect({ target: `${first.target},${second.target}` });
    await evaluations(client, 4);
    first.stop();
    await evaluations(client, 10);
    assert.ok(second.requests.length >= 10);
  });

  it("are an error where one has no address and no other answers", async () => {
    const client = connect({ target: ["unix:/nowhere/a", "unix:/nowhere/b"], timeout: 5000 });
    await assert.rejects(client.evaluate("relu", 1), UnavailableError);
  });
});

describe("the real server", () => {
  let server: Server;

  before(async () => {
    server = await startServer();
  });

  after(async () => {
    await server.stop();
  });

  it("is reached by host and port", async () => {
    const client = connect({ target: server.tcpTarget });
    assert.deepEqual((await client.evaluate("relu", [-1, 1])).value.data, Float64Array.of(0, 1));
  });

  it("is found by the environment", async () => {
    process.env["RECTIFIER_TARGET"] = server.unixTarget;
    const client = connect();
    delete process.env["RECTIFIER_TARGET"];
    assert.equal(client.target, server.unixTarget);
    await client.evaluate("relu", 1);
  });

  it("says how it is", async () => {
    const client = connect({ target: server.unixTarget });
    assert.equal(await client.health(), "serving");
    assert.equal(await client.health({ service: "" }), "serving");
    await assert.rejects(client.health({ service: "nothing" }), { code: "NOT_FOUND" });
  });

  it("serves many calls side by side", async () => {
    const client = connect({ target: server.unixTarget });
    const results = await Promise.all(
      Array.from({ length: 300 }, (_, i) => client.evaluate("relu", i)),
    );
    results.forEach(({ value }, i) => {
      assert.equal(value.data[0], i);
    });
  });
});
