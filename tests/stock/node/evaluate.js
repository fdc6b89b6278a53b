// Calls a server with nothing but @grpc/grpc-js and @grpc/proto-loader:
//
//   node evaluate.js TARGET PROTO_FOLDER
//
// It evaluates, lists, streams, and reads the details of an error; it exits with 1 where an answer
// is not the right one.
"use strict";

const assert = require("node:assert/strict");
const path = require("node:path");
const { createRequire } = require("node:module");

const packages = createRequire(path.join(process.env.STOCK_NODE_MODULES, "index.js"));
const grpc = packages("@grpc/grpc-js");
const loader = packages("@grpc/proto-loader");

const [target, folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: evaluate.js TARGET PROTO_FOLDER");
  process.exit(2);
}

const definition = loader.loadSync(["rectifier/v1/activation.proto", "rectifier/v1/status.proto"], {
  includeDirs: [folder],
  keepCase: true,
  enums: String, // a number would do as well; a name that is none becomes 0 without a word
  longs: Number,
  defaults: true,
  oneofs: true,
});
const { ActivationService } = grpc.loadPackageDefinition(definition).rectifier.v1;
const client = new ActivationService(target, grpc.credentials.createInsecure(), {
  "grpc.max_receive_message_length": -1, // replies may be larger than 4 MiB
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_permit_without_calls": 1,
});

const FLOAT32 = "ELEMENT_TYPE_FLOAT32";

// The bytes of a reply lie anywhere in a larger buffer, and a Float32Array must be aligned.
function floats(bytes) {
  return Array.from(new Float32Array(Uint8Array.from(bytes).buffer));
}

function payload(values) {
  return Buffer.from(Float32Array.from(values).buffer);
}

function call(method, request) {
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + 60_000;
    client[method](request, { deadline }, (error, response) => {
      if (error) reject(error);
      else resolve(response);
    });
  });
}

function request(name, shape, data) {
  return {
    tensors: [{ element_type: FLOAT32, shape: [shape], data }],
    evaluations: [
      {
        inputs: [0],
        activation: { name },
        quantities: ["QUANTITY_VALUE", "QUANTITY_GRADIENT"],
      },
    ],
  };
}

async function evaluate() {
  const response = await call("Evaluate", request("relu", 3, payload([-1, 0, 2])));
  assert.deepEqual(floats(response.results[0].value.data), [0, 0, 2]);
  assert.deepEqual(floats(response.results[0].gradients[0].data), [0, 0, 1]);
}

async function evaluateLarge() {
  const elements = 2 << 20;
  const response = await call("Evaluate", request("relu", elements, Buffer.alloc(4 * elements)));
  assert.equal(response.results[0].value.data.length, 4 * elements);
}

async function list() {
  const { activations } = await call("ListActivations", {});
  assert.ok(activations.some(({ name, formula }) => name === "gelu" && formula !== ""));
}

async function stream() {
  const replies = client.EvaluateStream({ deadline: Date.now() + 60_000 });
  const header = { activation: { name: "relu" }, element_type: FLOAT32, shape: [4] };
  replies.write({ header });
  replies.write({ chunk: { input: payload([-1, 2]) } });
  replies.write({ chunk: { input: payload([3, -4]) } });
  replies.end();
  const value = [];
  for await (const reply of replies) value.push(...floats(reply.value));
  assert.deepEqual(value, [0, 2, 3, 0]);
}

// Node has no decoder for details; the messages of status.proto are google.rpc's.
async function details() {
  const error = await call("Evaluate", request("rleu", 1, payload([1]))).then(
    () => assert.fail("an answer"),
    (failure) => failure,
  );
  assert.ok([grpc.status.INVALID_ARGUMENT, grpc.status.NOT_FOUND].includes(error.code));
  const found = {};
  const status = decode("Status", error.metadata.get("grpc-status-details-bin")[0]);
  for (const { type_url, value } of status.details) {
    const name = type_url.split("/google.rpc.")[1];
    found[name] = decode(name, value);
  }
  assert.equal(found.BadRequest.field_violations[0].field, "evaluations[0].activation.name");
  assert.notEqual(found.ErrorInfo.reason, "");
}

function decode(name, bytes) {
  const protobuf = packages("protobufjs");
  const root = new protobuf.Root();
  root.resolvePath = (_origin, file) =>
    file.startsWith("google/") ? file : path.join(folder, file);
  root.loadSync("rectifier/v1/status.proto", { keepCase: true });
  return root.lookupType(`rectifier.v1.${name}`).decode(bytes);
}

async function main() {
  const steps = { evaluate, evaluateLarge, list, stream, details };
  for (const [name, step] of Object.entries(steps)) {
    try {
      await step();
    } catch (error) {
      throw new Error(`${name}: ${error.message}`, { cause: error });
    }
  }
  client.close();
}

main().catch((error) => {
  console.error(`stock: ${error.message}`);
  process.exit(1);
});
