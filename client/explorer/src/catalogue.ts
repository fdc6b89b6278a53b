/** What the server can evaluate, and how to find it. */

import { listActivations } from "./api";
import type {
  ActivationDescriptionJson,
  ParameterDescriptionJson,
} from "./messages/rectifier/v1/activation_pb";
import type { Formula } from "./formula/parse";
import { parse } from "./formula/parse";

export type Parameter = Required<
  Omit<ParameterDescriptionJson, "defaultNumber"> & { defaultNumber: number }
>;

export type Kind = "elementwise" | "rows" | "pairs";

export class Entry {
  readonly name: string;
  readonly kind: Kind;
  readonly parameters: readonly Parameter[];
  /** "value", "second_derivative" */
  readonly quantities: readonly string[];
  readonly description: ActivationDescriptionJson;
  #formula: Formula | null | undefined; // null: the text is none; undefined: it was not looked at

  constructor(description: ActivationDescriptionJson) {
    const kind = (description.kind ?? "").slice("ACTIVATION_KIND_".length).toLowerCase();
    this.name = description.name ?? "";
    this.kind = kind as Kind;
    this.parameters = (description.parameters ?? []).map(parameterOf);
    this.quantities = (description.quantities ?? []).map((quantity) =>
      quantity.slice("QUANTITY_".length).toLowerCase(),
    );
    this.description = description;
  }

  /** Undefined where the text is newer than this page. */
  get formula(): Formula | undefined {
    this.#formula ??= parsed(this.description.formula ?? "") ?? null;
    return this.#formula ?? undefined;
  }
}

export const FRAMEWORKS = ["pytorch", "jax", "keras", "onnx", "tensorflow"] as const;

export class Catalogue {
  readonly entries: readonly Entry[];
  readonly #byName = new Map<string, Entry>();

  constructor(descriptions: readonly ActivationDescriptionJson[]) {
    this.entries = descriptions.map((description) => new Entry(description));
    for (const entry of this.entries) {
      for (const alias of entry.description.aliases ?? []) this.#byName.set(alias, entry);
    }
    for (const entry of this.entries) this.#byName.set(entry.name, entry);
  }

  static async load(): Promise<Catalogue> {
    return new Catalogue((await listActivations()).activations ?? []);
  }

  /** By name or alias. */
  find(name: string): Entry | undefined {
    return this.#byName.get(name);
  }

  ofKind(kind: Kind): readonly Entry[] {
    return this.entries.filter((entry) => entry.kind === kind);
  }

  /**
   * The entries that have every word of the text, best first: those whose name is meant, then those
   * of which it is another name, then those that say it somewhere.
   */
  search(text: string): readonly Entry[] {
    const words = plain(text).split(" ").filter(Boolean);
    return this.entries
      .map((entry) => ({ entry, rank: rankOf(entry, words) }))
      .filter(({ rank }) => rank < Infinity)
      .sort((a, b) => a.rank - b.rank)
      .map(({ entry }) => entry);
  }
}

/** "torch.nn.GELU" and "hard_swish" as they are compared: in small letters, without punctuation. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/^[\w.]*\.(?=\w)/, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

function rankOf(entry: Entry, words: readonly string[]): number {
  if (words.length === 0) return 0;
  const { name, description } = entry;
  const compact = words.join("");
  const squeezed = (text: string): string => plain(text).replaceAll(" ", "");
  const names = [
    name,
    ...(description.aliases ?? []),
    ...(description.otherNames ?? []).map((other) => other.name ?? ""),
  ].map(squeezed);
  if (names[0] === compact) return 0;
  if (names.includes(compact)) return 1;
  if (names[0]?.startsWith(compact) === true) return 2;
  if (names.some((each) => each.includes(compact))) return 3;
  const all = plain([description.summary, description.source].join(" "));
  return words.every((word) => all.includes(word) || names.some((each) => each.includes(word)))
    ? 4
    : Infinity;
}

function parameterOf(message: ParameterDescriptionJson): Parameter {
  return {
    name: message.name ?? "",
    aliases: message.aliases ?? [],
    summary: message.summary ?? "",
    type: message.type ?? "PARAMETER_TYPE_UNSPECIFIED",
    defaultNumber: numberOf(message.defaultNumber ?? 0),
    defaultWord: message.defaultWord ?? "",
    range: message.range ?? "",
    words: message.words ?? [],
    learnable: message.learnable ?? false,
    shape: message.shape ?? "PARAMETER_SHAPE_UNSPECIFIED",
  };
}

/** A double in protobuf's JSON: a number, or the name of one that JSON has not. */
export function numberOf(json: number | string): number {
  return Number(json);
}

function parsed(text: string): Formula | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** What "[0, inf)" allows; all numbers where it says something else. */
export interface Range {
  readonly low: number;
  readonly high: number;
  /** Whether the bound itself is allowed. */
  readonly hasLow: boolean;
  readonly hasHigh: boolean;
}

export function rangeOf(text: string): Range {
  const [, open, low, high, close] = /^([[(])(\S+), (\S+?)([\])])/.exec(text) ?? [];
  return {
    low: low === undefined ? -Infinity : parseNumber(low),
    high: high === undefined ? Infinity : parseNumber(high),
    hasLow: open === "[",
    hasHigh: close === "]",
  };
}

/** A number as people write it, "inf" among them; NaN where it is none. */
export function parseNumber(text: string | undefined): number {
  const trimmed = (text ?? "").trim().replace("−", "-");
  if (/^\+?inf(inity)?$/i.test(trimmed)) return Infinity;
  if (/^-inf(inity)?$/i.test(trimmed)) return -Infinity;
  return trimmed === "" ? NaN : Number(trimmed);
}
