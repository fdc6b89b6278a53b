/** The vectors that every client runs, to the last bit: tests/conformance/vectors. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";

import { Client } from "../src/client.js";
import { openChannel } from "../src/channel.js";
import { Connection, method } from "../src/connection.js";
import { arrayOf } from "../src/element_type.js";
import { RectifierError } from "../src/errors.js";
import { PerChannel } from "../src/evaluation.js";
import type { Argument, Evaluation, Inputs, Quantity } from "../src/evaluation.js";
import { ActivationService } from "../src/messages/rectifier/v1/activation_pb.js";
import type { Result } from "../src/result.js";
import { secure } from "../src/security.js";
import { Tensor } from "../src/tensor.js";
import type { Server } from "./server.js";
import { TemporaryFolder, startServer } from "./server.js";
import type {
  Case,
  ExpectedError,
  HexArgument,
  HexEvaluation,
  HexResult,
  HexTensor,
} from "./vector_format.js";
import { parse } from "./vector_format.js";

const FOLDER = new URL("../../../../tests/conformance/vectors/", import.meta.url);

/** Cases that this client cannot be made to send: none. */
const CANNOT_SAY = new Set<string>();

function toTensor({ type, shape, data }: HexTensor): Tensor {
  return new Tensor(arrayOf(type, Buffer.from(data, "hex")), shape, type);
}

function fromTensor({ elementType, shape, data }: Tensor): HexTensor {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return { type: elementType, shape: [...shape], data: bytes.toString("hex") };
}

function toArgument({ number, word, tensor, axis }: HexArgument, tensors: Tensor[]): Argument {
  if (number !== undefined) return Buffer.from(number, "hex").readDoubleLE();
  if (word !== undefined) return word;
  const given = tensors[tensor ?? -1];
  assert.ok(given);
  return axis === undefined ? given : new PerChannel(given, axis);
}

function toEvaluation(given: HexEvaluation, tensors: Tensor[]): Evaluation {
  const at = (i: number): Tensor => tensors[i] ?? assert.fail(`there is no tensor ${i}`);
  const inputs = given.inputs.map(at);
  const entries = Object.entries(given.arguments ?? {});
  return {
    activation: given.activation,
    inputs: (inputs.length === 1 ? inputs[0] : inputs) as Inputs,
    arguments: Object.fromEntries(entries.map(([name, a]) => [name, toArgument(a, tensors)])),
    preset: given.preset,
    upstream:
      given.upstream === undefined ? undefined : (at(given.upstream) as Tensor<Float32Array>),
    quantities: given.quantities,
  };
}

function fromResult(result: Result, quantities: Quantity[]): HexResult {
  return {
    ...(quantities.includes("value") && { value: fromTensor(result.value) }),
    ...(quantities.includes("gradient") && { gradients: result.gradients.map(fromTensor) }),
    ...(quantities.includes("second_derivative") && {
      second_derivative: fromTensor(result.secondDerivative),
    }),
    ...parameterGradients(result, quantities),
  };
}

// Where an activation has no learnable parameter that is given, the vectors name none at all.
function parameterGradients(result: Result, quantities: Quantity[]): HexResult {
  if (!quantities.includes("parameter_gradient")) return {};
  const gradients = [...result.parameterGradients];
  if (gradients.length === 0) return {};
  return {
    parameter_gradients: Object.fromEntries(
      gradients.map(([name, tensor]) => [name, fromTensor(tensor)]),
    ),
  };
}

function fromError(error: RectifierError): ExpectedError {
  const { code, reason, violations, metadata, retryDelay } = error;
  return {
    code,
    reason,
    fields: violations.map(({ field }) => field),
    ...(metadata["element"] !== undefined && { element: metadata["element"] }),
    retry: retryDelay !== undefined,
  };
}

/** What calls one server with one token, or none. */
class Caller {
  readonly client: Client;
  readonly connection: Connection;

  constructor(target: string, token: string | undefined) {
    const channel = secure({ token }, [target]);
    this.client = new Client({ target, security: { token } });
    this.connection = new Connection(openChannel([target], channel, {}), target, 60_000, "");
  }

  close(): void {
    this.client.close();
    this.connection.close();
  }
}

/** Calls as the case says, and gives its results. */
async function run(given: Case, { client, connection }: Caller): Promise<HexResult[]> {
  const timeout = (given.timeout ?? 60) * 1000;
  if (given.evaluations === undefined) return await runBytes(given, connection);
  const tensors = (given.tensors ?? []).map(toTensor);
  const evaluations = given.evaluations.map((evaluation) => toEvaluation(evaluation, tensors));
  const results = await client.evaluateBatch(evaluations, { timeout });
  return results.map((result, i) => fromResult(result, given.evaluations?.[i]?.quantities ?? []));
}

async function runBytes(given: Case, connection: Connection): Promise<HexResult[]> {
  if (given.request !== undefined) {
    const evaluate = method(ActivationService.method.evaluate);
    await connection.unary(evaluate, Buffer.from(given.request, "hex"), {});
  } else {
    await sendStream(connection, given.stream ?? assert.fail("no request"));
  }
  assert.fail("an answer, of which only errors are compared");
}

async function sendStream(connection: Connection, messages: string[]): Promise<void> {
  const { call, failure, end } = connection.stream(
    method(ActivationService.method.evaluateStream),
    {},
  );
  call.on("error", () => undefined);
  for (const message of messages) call.write(Buffer.from(message, "hex"));
  call.end();
  try {
    for await (const response of call) assert.ok(response);
  } catch (error) {
    throw failure(error);
  } finally {
    end();
  }
}

async function check(given: Case, caller: Caller): Promise<void> {
  if (given.error === undefined) {
    assert.deepEqual(await run(given, caller), given.results);
    return;
  }
  const error = await run(given, caller).then(
    () => assert.fail("no error"),
    (failure: unknown) => failure,
  );
  if (!(error instanceof RectifierError)) throw error;
  const { element, says, ...expected } = given.error;
  for (const text of says ?? []) assert.ok(error.message.includes(text), error.message);
  assert.deepEqual(fromError(error), {
    ...expected,
    ...(element !== undefined && { element: String(element) }),
  });
}

const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
assert.ok(files.length > 0, `no vectors in ${FOLDER.pathname}`);

for (const file of files) {
  const vectors = parse(readFileSync(new URL(file, FOLDER), "utf8"));
  describe(file, () => {
    const callers = new Map<string | undefined, Caller>();
    let server: Server;
    let folder: TemporaryFolder;

    before(async () => {
      folder = await TemporaryFolder.make();
      const paths = new Map<string, string>();
      for (const [name, content] of Object.entries(vectors.server_files)) {
        paths.set(name, await folder.write(name, content));
      }
      const flags = vectors.server_flags.map((flag) =>
        flag.replaceAll(/\{(\w+)\}/g, (_, name: string) => paths.get(name) ?? name),
      );
      server = await startServer(...flags);
    });

    after(async () => {
      for (const caller of callers.values()) caller.close();
      await server.stop();
      await folder.remove();
    });

    for (const given of vectors.cases) {
      if (CANNOT_SAY.has(given.name)) continue;
      it(given.name, async () => {
        const caller = callers.get(given.token) ?? new Caller(server.unixTarget, given.token);
        callers.set(given.token, caller);
        await check(given, caller);
      });
    }
  });
}
