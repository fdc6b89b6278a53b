/** What a caller sees who makes a mistake: errors name the field, and suggest. */

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { inspect } from "node:util";

import { Metadata, status } from "@grpc/grpc-js";

import { CancelledError, Client, InvalidArgumentError, tensor } from "../src/index.js";
import type { Argument, Quantity, RectifierError } from "../src/index.js";
import { fromGrpc } from "../src/failure.js";
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

const X = tensor(Float32Array.of(-2, -0.5, 0.5, 2, 3, 4), [2, 3]);

async function failure(call: Promise<unknown>): Promise<InvalidArgumentError> {
  const error: unknown = await call.then(
    () => assert.fail("no error"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof InvalidArgumentError, inspect(error));
  return error;
}

describe("a request that the server refuses", () => {
  const withArguments = (name: string, given: Record<string, Argument>) =>
    failure(client.evaluate(name, X, { arguments: given }));

  it("names an activation that is close to a wrong name", async () => {
    const error = await failure(client.evaluate("gellu", X));
    assert.equal(error.code, "INVALID_ARGUMENT");
    assert.equal(error.reason, "UNKNOWN_ACTIVATION");
    assert.equal(error.target, server.unixTarget);
    assert.match(error.message, /activation\.name: no activation "gellu"; did you mean "gelu"\?/);
    assert.equal(error.violations[0]?.field, "evaluations[0].activation.name");
  });

  it("names a parameter that is close to a wrong name", async () => {
    const error = await withArguments("softplus", { betta: 1 });
    assert.match(error.message, /arguments\["betta"\]: .*did you mean "beta"\?/);
  });

  it("says what bounds there are", async () => {
    const error = await withArguments("softplus", { beta: -1 });
    assert.match(error.message, /arguments\["beta"\]: -1 is out of range; allowed: finite, in /);
  });

  it("says which shapes do not go together", async () => {
    const error = await withArguments("prelu", { weight: Float32Array.of(1, 2) });
    assert.match(error.message, /arguments\["weight"\]\.tensor: shape \[2\] .*\[2, 3\]/);
  });

  it("says which element of a mask is none, and what may have been meant", async () => {
    const error = await withArguments("softmax", { mask: [0, -Infinity, 0] });
    assert.match(error.message, /arguments\["mask"\]\.tensor: element 1 is -inf; .*`bias`/);
    assert.equal(error.metadata["element"], "1");
  });

  it("names the evaluation of a batch", async () => {
    const batch = [
      { activation: "relu", inputs: X },
      { activation: "softmax", inputs: X, arguments: { axis: 2 } },
    ];
    const error = await failure(client.evaluateBatch(batch));
    assert.match(error.message, /^evaluations\[1\]\.activation\.arguments\["axis"\]: 2 is out/);
  });
});

describe("what cannot be sent", () => {
  const rejects = async (call: Promise<unknown>, name: string, message: RegExp): Promise<void> => {
    await assert.rejects(call, { name, message });
  };
  const evaluate = (inputs: unknown, options: object = {}) =>
    client.evaluate("relu", inputs as number, options);

  it("is a typed array of integers", async () => {
    const message = /^evaluations\[0\]\.inputs\[0\]: .*an Int32Array; convert it with Float32Array/;
    await rejects(evaluate(new Int32Array(3)), "TypeError", message);
    await rejects(evaluate(new Uint16Array(3)), "TypeError", /float16 or bfloat16; say which/);
    await rejects(evaluate(new Uint8Array(3)), "TypeError", /a mask alone/);
  });

  it("is no tensor at all", async () => {
    await rejects(evaluate("x"), "TypeError", /inputs\[0\]: .*given a string/);
    await rejects(evaluate(null), "TypeError", /inputs\[0\]: .*given null/);
    await rejects(
      evaluate([[1, 2], [3]]),
      "RangeError",
      /lists of 2 elements stand beside one of 1/,
    );
    await rejects(evaluate([[1, 2], 3]), "RangeError", /lists of 2 elements stand beside a number/);
    await rejects(evaluate([1, "2"]), "TypeError", /one element is a string/);
    await rejects(evaluate([1, true]), "TypeError", /numbers or booleans, not both/);
  });

  it("is data that the shape does not hold", () => {
    assert.throws(
      () => tensor(new Float32Array(3), [2, 2]),
      /\[2, 2\] has 4 elements, and the data 3/,
    );
    assert.throws(
      () => tensor(new Float32Array(3), [-3]),
      /\[ -3 \] is not a list of whole numbers/,
    );
    assert.throws(() => tensor([1, 2, 3], [2]), /\[2\] has 2 elements, and the data 3/);
    const bits = new Uint16Array(1) as unknown as Float32Array;
    assert.throws(() => tensor(bits), TypeError);
  });

  it("is an argument without a value", async () => {
    const given = { arguments: { alpha: undefined } };
    await rejects(
      evaluate(1, given),
      "TypeError",
      /arguments\["alpha"\]: undefined is given; leave/,
    );
    await rejects(evaluate(1, { arguments: [1] }), "TypeError", /arguments: an object such as/);
  });

  it("is a quantity that does not exist", async () => {
    const quantities = ["grad"] as unknown as Quantity[];
    const message = /quantities: "grad" is none of "value", "gradient"/;
    await rejects(evaluate(1, { quantities }), "TypeError", message);
    await rejects(evaluate(1, { quantities: [] }), "TypeError", /quantities: a list such as/);
  });

  it("is a name that is no string", async () => {
    const name = 7 as unknown as string;
    await rejects(client.evaluate(name, 1), "TypeError", /activation\.name: a string is needed/);
  });
});

describe("fromGrpc", () => {
  const context = { target: "unix:/s", timeout: 5 };
  const make = (code: status, details: string, metadata = new Metadata()): RectifierError =>
    fromGrpc(Object.assign(new Error(details), { code, details, metadata }), context);

  it("names the target where no server answers", () => {
    const wrapped =
      "No connection established. Last error: Error: connect ENOENT /s. Resolution note: ";
    assert.equal(
      make(status.UNAVAILABLE, wrapped).message,
      "unix:/s: no server answers: connect ENOENT /s",
    );
    assert.equal(make(status.UNAVAILABLE, "draining").message, "unix:/s: draining");
  });

  it("names the timeout that passed", () => {
    assert.match(
      make(status.DEADLINE_EXCEEDED, "x").message,
      /^unix:\/s: the call took longer than its timeout of 5 ms: x$/,
    );
  });

  it("keeps codes that it has no class for", () => {
    const error = make(status.NOT_FOUND, "no such buffer");
    assert.deepEqual([error.name, error.code], ["RectifierError", "NOT_FOUND"]);
    assert.ok(make(status.CANCELLED, "x") instanceof CancelledError);
  });

  it("goes on without details that make no sense", () => {
    const metadata = new Metadata();
    metadata.set("grpc-status-details-bin", Buffer.from([255, 255]));
    assert.equal(make(status.INVALID_ARGUMENT, "x", metadata).message, "x");
  });
});
