/** What the server says about activations and about itself. */

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import type { DescMessage } from "@bufbuild/protobuf";

import { Client } from "../src/index.js";
import * as messages from "../src/messages/rectifier/v1/activation_pb.js";
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

function names(schema: DescMessage): string[] {
  return schema.fields.map(({ localName }) => localName).sort();
}

describe("the catalogue", () => {
  it("has every field that the API has", async () => {
    const activations = await client.listActivations();
    assert.ok(activations.length > 30);
    const [first] = activations;
    assert.ok(first);
    assert.deepEqual(Object.keys(first).sort(), names(messages.ActivationDescriptionSchema));
    const preset = activations.flatMap(({ presets }) => presets)[0];
    assert.deepEqual(Object.keys(preset ?? {}).sort(), names(messages.PresetSchema));
    const accuracy = first.accuracies[0];
    assert.deepEqual(Object.keys(accuracy ?? {}).sort(), names(messages.AccuracySchema));
    const other = activations.flatMap(({ otherNames }) => otherNames)[0];
    assert.deepEqual(Object.keys(other ?? {}).sort(), names(messages.OtherNameSchema));
    const parameter = activations.flatMap(({ parameters }) => parameters)[0];
    const parameterNames = names(messages.ParameterDescriptionSchema).map((name) =>
      name === "defaultNumber" || name === "defaultWord" ? "default" : name,
    );
    assert.deepEqual(Object.keys(parameter ?? {}).sort(), [...new Set(parameterNames)].sort());
  });

  it("speaks in words", async () => {
    const gelu = await client.describe("gelu");
    assert.equal(gelu.kind, "elementwise");
    assert.deepEqual([...gelu.elementTypes].sort(), ["bfloat16", "float16", "float32", "float64"]);
    assert.ok(gelu.quantities.includes("second_derivative"));
    const softmax = await client.describe("softmax");
    const types = new Map(softmax.parameters.map((one) => [one.name, one]));
    assert.equal(types.get("mask")?.type, "mask");
    assert.equal(types.get("mask")?.default, undefined);
    assert.equal(types.get("axis")?.default, -1);
    assert.equal(types.get("temperature")?.default, 1);
    const gate = (await client.describe("glu")).parameters.find(({ name }) => name === "gate");
    assert.deepEqual([gate?.type, gate?.default], ["word", gate?.words[0]]);
  });

  it("finds aliases and full names, and suggests what is close", async () => {
    for (const name of ["SiLU", "torch.nn.SiLU"]) {
      assert.equal((await client.describe(name)).name, "silu");
    }
    const wrong = { reason: "UNKNOWN_ACTIVATION", message: /did you mean "gelu"\?/ };
    await assert.rejects(client.describe("gellu"), wrong);
  });
});

describe("the server", () => {
  it("tells version, threads and every limit", async () => {
    const info = await client.serverInfo();
    assert.deepEqual(Object.keys(info).sort(), names(messages.GetServerInfoResponseSchema));
    assert.deepEqual(Object.keys(info.limits).sort(), names(messages.LimitsSchema));
    assert.match(info.version, /^\d+\.\d+\.\d+$/);
    assert.ok(info.threads > 0);
    assert.equal(info.limits.maxMessageBytes, 256 * 2 ** 20);
    assert.equal(info.limits.maxElements, 2 ** 27);
    assert.ok(info.transports.includes("unix"));
  });
});
