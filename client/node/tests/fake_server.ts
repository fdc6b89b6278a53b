/** A service in this process that answers as a test tells it, and remembers what it was asked. */

import type { Metadata, ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";

import type { EvaluateRequest } from "../src/messages/rectifier/v1/activation_pb.js";
import {
  ActivationService,
  EvaluateRequestSchema,
  EvaluateResponseSchema,
  GetServerInfoResponseSchema,
} from "../src/messages/rectifier/v1/activation_pb.js";

/** What a call ends with: an error, or nothing for a reply with one empty result for each. */
export type Answer =
  { readonly code: number; readonly details: string; readonly metadata?: Metadata } | undefined;

const INFO = create(GetServerInfoResponseSchema, {
  limits: {
    maxMessageBytes: 2n ** 28n,
    maxElements: 2n ** 27n,
    maxTensors: 1024,
    maxEvaluations: 1024,
    maxArguments: 16,
    maxRank: 16,
  },
});

const asIs = (bytes: Buffer): Buffer => bytes;

function method(name: string) {
  return {
    path: `/${ActivationService.typeName}/${name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  } as const;
}

/** Counts Evaluate calls, and answers them. */
export class FakeServer {
  readonly requests: EvaluateRequest[] = [];
  readonly metadata: Metadata[] = [];
  target = "";
  readonly #server = new Server({ "grpc.max_receive_message_length": -1 });

  /** @param answer what the call of this number, from 0, ends with; undefined: it is never answered. */
  private constructor(answer: (call: number) => Answer | Promise<Answer>) {
    const definition = { Evaluate: method("Evaluate"), GetServerInfo: method("GetServerInfo") };
    this.#server.addService(definition, {
      GetServerInfo: (_call: unknown, reply: sendUnaryData<Buffer>) => {
        reply(null, Buffer.from(toBinary(GetServerInfoResponseSchema, INFO)));
      },
      Evaluate: (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) => {
        const request = fromBinary(EvaluateRequestSchema, call.request);
        this.metadata.push(call.metadata);
        const number = this.requests.push(request) - 1;
        void Promise.resolve(answer(number)).then((error) => {
          const results = request.evaluations.map(() => ({}));
          const response = create(EvaluateResponseSchema, { results });
          reply(error ?? null, Buffer.from(toBinary(EvaluateResponseSchema, response)));
        });
      },
    });
  }

  /** Serves at `address`, by default a free port of 127.0.0.1. */
  static async start(
    answer: (call: number) => Answer | Promise<Answer> = () => undefined,
    address = "127.0.0.1:0",
  ): Promise<FakeServer> {
    const fake = new FakeServer(answer);
    const port = await new Promise<number>((resolve, reject) => {
      fake.#server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => {
        if (error) reject(error);
        else resolve(bound);
      });
    });
    fake.target = address.startsWith("unix:") ? address : `127.0.0.1:${port}`;
    return fake;
  }

  stop(): void {
    this.#server.forceShutdown();
  }
}
