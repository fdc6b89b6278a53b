/**
 * The catalogue and the server's description of itself, as plain objects. Their fields are those of
 * the messages of the same name in activation.proto, which documents them in full.
 */

import type { ElementType } from "./element_type.js";
import type { Quantity } from "./evaluation.js";

/** What an activation declares for one parameter. */
export interface ParameterDescription {
  /** The name in `arguments`. */
  readonly name: string;
  /** Other names that it answers to. */
  readonly aliases: readonly string[];
  /** One line. */
  readonly summary: string;
  /** What kind of argument it takes; "axes" is a number, a list of numbers, or the word "all". */
  readonly type: "number" | "integer" | "word" | "seed" | "mask" | "axes";
  /** A word where the parameter takes one; undefined for a seed and a mask, which have none. */
  readonly default: number | string | undefined;
  /** What is allowed, as an interval: "(0, inf)". */
  readonly range: string;
  /** The words allowed. */
  readonly words: readonly string[];
  /** Whether it has a gradient. */
  readonly learnable: boolean;
  /**
   * Which tensors it takes: none, those that broadcast to the input or to its rows, or a vector of
   * any length. "unspecified" is what a server says that is older than this.
   */
  readonly shape: "unspecified" | "scalar" | "input" | "rows" | "list";
}

/** What a framework or a name implies: a default for one parameter, or another activation. */
export interface Preset {
  /** pytorch, jax, keras, onnx or tensorflow; empty: it holds under any, and under none. */
  readonly framework: string;
  /** Empty where `activation` is given. */
  readonly parameter: string;
  /** The default, where it is a number. */
  readonly number: number;
  /** The activation that the framework means by the name. */
  readonly activation: string;
  /** The names that it holds for; empty: all. */
  readonly names: readonly string[];
  /** The default, where it is a word; else empty. */
  readonly word: string;
  /** The axis along which a vector runs that is the argument of `parameter`. */
  readonly tensorAxis: number | undefined;
}

/** The worst error of a quantity. */
export interface Accuracy {
  /** What the error is of. */
  readonly quantity: Quantity;
  /** The type of the result. */
  readonly elementType: ElementType;
  /** In units in the last place of the exact result; 0.5 is correct rounding. */
  readonly maxUlp: number;
  /** Why it is worse than 2 ULP; else empty. */
  readonly note: string;
  /** How the error is known. */
  readonly evidence: "stated" | "sampled" | "exhaustive";
  /** The share of inputs that are rounded correctly; undefined where they were not counted. */
  readonly correctlyRounded: number | undefined;
}

/** A name that others give to an activation with certain arguments. */
export interface OtherName {
  /** What others call it. */
  readonly name: string;
  /** "gate=second". */
  readonly arguments: string;
}

/** What the catalogue says about one activation. */
export interface ActivationDescription {
  /** The name by which results and errors call it. */
  readonly name: string;
  /** Other names that it answers to. */
  readonly aliases: readonly string[];
  /** How it maps shapes: each element by itself, along an axis, or a gate and a value. */
  readonly kind: "elementwise" | "rows" | "pairs";
  /** One line. */
  readonly summary: string;
  /** The definition, in SymPy syntax. */
  readonly formula: string;
  /** What may be given in `arguments`. */
  readonly parameters: readonly ParameterDescription[];
  /** The quantities that it offers. */
  readonly quantities: readonly Quantity[];
  /** The element types that its inputs may have. */
  readonly elementTypes: readonly ElementType[];
  /** What frameworks mean by its names. */
  readonly presets: readonly Preset[];
  /** The paper or standard that defines it. */
  readonly source: string;
  /** Whether formula and defaults were compared with the source itself. */
  readonly sourceChecked: boolean;
  /** Conventions at kinks and special values, in words. */
  readonly conventions: string;
  /** How far results may be from the exact ones. */
  readonly accuracies: readonly Accuracy[];
  /** The aliases that no preset changes. */
  readonly exactNames: readonly string[];
  /** Names of others that stand for it with certain arguments. */
  readonly otherNames: readonly OtherName[];
}

/** The server's limits. A request over one of them fails. */
export interface Limits {
  /** Of a serialized request or reply. */
  readonly maxMessageBytes: number;
  /** In one tensor of a call; a stream may have more. */
  readonly maxElements: number;
  /** In one call. */
  readonly maxTensors: number;
  /** In one call. */
  readonly maxEvaluations: number;
  /** Of one evaluation. */
  readonly maxArguments: number;
  /** Dimensions of a tensor. */
  readonly maxRank: number;
  /** Of all calls in progress, in and out. */
  readonly maxInflightBytes: number;
  /** Calls in progress. */
  readonly maxInflightCalls: number;
  /** Of all shared buffers. */
  readonly maxBufferBytes: number;
  /** Of the shared buffers of one connection. */
  readonly maxBufferBytesPerConnection: number;
  /** Streams in progress. */
  readonly maxStreams: number;
  /** Connections to the socket that gives out shared buffers. */
  readonly maxBufferConnections: number;
  /** Of the calls of one connection; 0: only the others limit it. */
  readonly maxInflightBytesPerConnection: number;
  /** Calls of one connection; 0: only the others limit it. */
  readonly maxInflightCallsPerConnection: number;
  /** Streams of one connection; 0: only the others limit it. */
  readonly maxStreamsPerConnection: number;
  /** Numbers that are given as `values`, which this client never sends. */
  readonly maxValues: number;
}

/** What the server says about itself. */
export interface ServerInfo {
  /** That of the server. */
  readonly version: string;
  /** The SIMD instruction set in use. */
  readonly cpuTarget: string;
  /** Threads that compute. */
  readonly threads: number;
  /** What requests are held to. */
  readonly limits: Limits;
  /** "tcp", "unix"; "buffer" where it offers shared memory, which Node cannot use. */
  readonly transports: readonly string[];
  /** The unix socket of its shared memory; empty where it offers none. */
  readonly buffersSocket: string;
}
