/** One EvaluateStream: messages out, answers in, neither faster than the other side takes them. */

import type { ByteStream, Connection, TimedOptions } from "./connection.js";
import { method } from "./connection.js";
import type { EvaluateStreamResponse } from "./messages/rectifier/v1/activation_pb.js";
import { ActivationService } from "./messages/rectifier/v1/activation_pb.js";
import type { Chunk } from "./wire.js";
import { encodeChunk, PARTS } from "./wire.js";

const EVALUATE_STREAM = method(ActivationService.method.evaluateStream);

/** Of one message: small beside what the server computes at once, large beside what a call costs. */
const CHUNK_BYTES = 512 * 1024;

/**
 * Sends `header` and `chunks`, of any size, and gives the answers as they come. When it is left
 * early, the call is cancelled; what `chunks` throws ends the call and is thrown here.
 */
export async function* runStream(
  connection: Connection,
  header: Buffer,
  chunks: Iterable<Chunk> | AsyncIterable<Chunk>,
  options: TimedOptions,
): AsyncGenerator<EvaluateStreamResponse, void, undefined> {
  const { call, failure, end } = connection.stream(EVALUATE_STREAM, options);
  const sender = new Sender(call);
  void sender.run(header, chunks);
  try {
    for await (const response of call as AsyncIterable<EvaluateStreamResponse>) yield response;
  } catch (error) {
    throw sender.failure ?? failure(error);
  } finally {
    sender.stop();
    end();
  }
}

/** The sending half. It never throws: `failure` is what the chunks threw. */
class Sender {
  failure: unknown = undefined;
  readonly #call: ByteStream<EvaluateStreamResponse>;
  #isStopped = false;
  #release: () => void = () => undefined;

  constructor(call: ByteStream<EvaluateStreamResponse>) {
    this.#call = call;
  }

  async run(header: Buffer, chunks: Iterable<Chunk> | AsyncIterable<Chunk>): Promise<void> {
    try {
      await this.#write(header);
      for await (const chunk of chunks) {
        for (const part of slice(chunk)) {
          if (this.#isStopped) return;
          await this.#write(encodeChunk(part));
        }
      }
      this.#call.end();
    } catch (error) {
      this.failure = error;
      this.#call.cancel();
    }
  }

  /** Nothing more is sent. */
  stop(): void {
    this.#isStopped = true;
    this.#release();
  }

  // Until gRPC has taken the message, or the call is over: then nobody else would say so.
  async #write(message: Buffer): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#release = resolve;
      if (this.#isStopped) resolve();
      else
        this.#call.write(message, () => {
          resolve();
        });
    });
  }
}

/** Cuts a chunk into messages, in which each tensor keeps pace with the others. */
export function* slice(chunk: Chunk, messageBytes = CHUNK_BYTES): Generator<Chunk> {
  const names = (Object.keys(PARTS) as (keyof typeof PARTS)[]).filter((name) => chunk[name]);
  const total = names.reduce((bytes, name) => bytes + (chunk[name]?.byteLength ?? 0), 0);
  const messages = Math.ceil(total / messageBytes);
  for (let i = 0; i < messages; ++i) {
    yield Object.fromEntries(
      names.map((name) => {
        const length = chunk[name]?.byteLength ?? 0;
        const until = (count: number): number => Math.floor((length * count) / messages);
        return [name, chunk[name]?.subarray(until(i), until(i + 1))];
      }),
    );
  }
}
