// Calls a server over plain HTTP/1.1 with nothing but @connectrpc/connect-node and the stubs of
// @bufbuild/protoc-gen-es, which lie in the folder gen beside this file:
//
//   node connect.mjs http://ADDRESS
//
// It does the same with the JSON and with the binary codec, and prints what it gets; it exits with 1
// where an answer is not the right one.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";

import { fromBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";

import { ActivationService, ElementType, Quantity } from "./gen/rectifier/v1/activation_pb.js";
import { BadRequestSchema, ErrorInfoSchema } from "./gen/rectifier/v1/status_pb.js";

const [baseUrl] = process.argv.slice(2);
if (baseUrl === undefined) {
  console.error("usage: connect.mjs http://ADDRESS");
  process.exit(2);
}

function request(name, tensor) {
  return {
    tensors: [tensor],
    evaluations: [
      { activation: { name }, quantities: [Quantity.VALUE, Quantity.GRADIENT] },
    ],
  };
}

function gelu(x) {
  // Abramowitz and Stegun 7.1.26, good to 1.5e-7, which is enough to know the function by.
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const terms = [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429];
  const tail = terms.reduceRight((sum, term) => (sum + term) * t, 0) * Math.exp(-z * z);
  const phi = x < 0 ? tail / 2 : 1 - tail / 2;
  return [x * phi, phi + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)];
}

async function evaluate(client) {
  const x = [-1, 0, 1];
  const response = await client.evaluate(request("gelu", { values: x }));
  const [{ value, gradients }] = response.results;
  x.forEach((each, i) => {
    const [y, slope] = gelu(each);
    assert.ok(Math.abs(value.values[i] - y) < 1e-6);
    assert.ok(Math.abs(gradients[0].values[i] - slope) < 1e-6);
  });
  return `gelu ${value.values.join(" ")}, gradient ${gradients[0].values.join(" ")}`;
}

// Payloads as bytes: base64 in JSON, as they are in protobuf. NaN, infinity and -0 among them.
async function evaluateBytes(client) {
  const x = Float32Array.from([-2, -0, 0, 0.5, NaN, Infinity, -Infinity]);
  const response = await client.evaluate(
    request("silu", {
      elementType: ElementType.FLOAT32,
      shape: [BigInt(x.length)],
      data: new Uint8Array(x.buffer),
    }),
  );
  const [{ value, gradients }] = response.results;
  assert.equal(value.data.length, 4 * x.length);
  const bytes = createHash("sha256").update(value.data).update(gradients[0].data).digest("hex");
  return `silu of float32 as bytes: ${bytes.slice(0, 16)}`;
}

async function list(client) {
  const { activations } = await client.listActivations({});
  const found = activations.find(({ name }) => name === "gelu");
  assert.ok(found.formula !== "");
  const info = await client.getServerInfo({});
  assert.ok(info.limits.maxElements > 0n);
  return `gelu(x) = ${found.formula}; at most ${info.limits.maxElements} elements`;
}

function detail(error, type, schema) {
  const found = error.details.find((each) => each.type === `google.rpc.${type}`);
  return fromBinary(schema, found.value);
}

async function failure(call) {
  return call.then(
    () => assert.fail("an answer"),
    (error) => ConnectError.from(error),
  );
}

async function errors(client) {
  const error = await failure(client.evaluate(request("glue", { values: [1] })));
  assert.equal(error.code, Code.InvalidArgument);
  const [violation] = detail(error, "BadRequest", BadRequestSchema).fieldViolations;
  assert.equal(violation.field, "evaluations[0].activation.name");
  const { reason } = detail(error, "ErrorInfo", ErrorInfoSchema);
  assert.equal(reason, "UNKNOWN_ACTIVATION");
  return `${error.message} (${reason}: ${violation.field})`;
}

async function deadline(client) {
  const tensors = [{ values: new Array(100_000).fill(0.5) }];
  const evaluations = new Array(1000).fill({ activation: { name: "logsumexp" } });
  const error = await failure(client.evaluate({ tensors, evaluations }, { timeoutMs: 200 }));
  assert.equal(error.code, Code.DeadlineExceeded);
  return error.message;
}

async function* messages() {
  const header = { activation: { name: "relu" }, elementType: ElementType.FLOAT32, shape: [1n] };
  yield { message: { case: "header", value: header } };
}

async function readStream(client) {
  for await (const reply of client.evaluateStream(messages())) return reply;
}

// Streams are for gRPC, and a client is told so.
async function stream(client) {
  const error = await failure(readStream(client));
  assert.equal(error.code, Code.Unimplemented);
  return `EvaluateStream: ${error.message}`;
}

async function main() {
  const steps = { evaluate, evaluateBytes, list, errors, deadline, stream };
  const printed = [];
  for (const useBinaryFormat of [false, true]) {
    const transport = createConnectTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat });
    const client = createClient(ActivationService, transport);
    const lines = [];
    for (const [name, step] of Object.entries(steps)) {
      try {
        lines.push(await step(client));
      } catch (error) {
        throw new Error(`${name}: ${error.message}`, { cause: error });
      }
    }
    console.log([useBinaryFormat ? "binary:" : "JSON:", ...lines].join("\n  "));
    printed.push(lines.slice(0, 4).join("\n"));
  }
  assert.equal(printed[0], printed[1]); // the same bits, and the same errors
}

main().catch((error) => {
  console.error(`stock: ${error.message}`);
  process.exit(1);
});
