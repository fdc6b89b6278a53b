/** What the page shows, and how it is written after the # of its address. */

import type { ElementType } from "./element_type";
import { isElementType } from "./element_type";
import { parseNumber } from "./catalogue";

export const SECTIONS = ["plot", "rows", "pairs", "catalogue", "server"] as const;
export type Section = (typeof SECTIONS)[number];

export const QUANTITIES = ["value", "gradient", "second_derivative", "parameter_gradient"] as const;
export type Quantity = (typeof QUANTITIES)[number];

/** An activation with its arguments; those that are left out have their default. */
export interface Chosen {
  readonly name: string;
  readonly preset: string;
  readonly arguments: Readonly<Record<string, number | string>>;
}

export type Interval = readonly [number, number];

export interface State {
  readonly section: Section;
  readonly type: ElementType;
  readonly curves: readonly Chosen[];
  readonly quantities: readonly Quantity[];
  /** Whether the first two curves are subtracted from each other. */
  readonly difference: boolean;
  readonly x: Interval;
  /** Undefined: as far as the curves go. */
  readonly y: Interval | undefined;
  readonly row: Chosen;
  readonly values: readonly number[];
  /** Whose gradient is shown: the index of an element of the result. */
  readonly output: number;
  readonly pair: Chosen;
  readonly pairQuantity: PairQuantity;
  /** The map goes from -reach to reach. */
  readonly reach: number;
  readonly point: Interval;
  readonly search: string;
  readonly entry: string;
}

export const PAIR_QUANTITIES = ["value", "gate", "values"] as const;
/** The value, or the gradient by the gate or by the value that it lets through. */
export type PairQuantity = (typeof PAIR_QUANTITIES)[number];

export function chosen(name: string): Chosen {
  return { name, preset: "", arguments: {} };
}

export const INITIAL: State = {
  section: "plot",
  type: "float32",
  curves: [chosen("relu"), chosen("gelu")],
  quantities: ["value"],
  difference: false,
  x: [-3, 3],
  y: undefined,
  row: chosen("softmax"),
  values: [1, 2, 0.5, -1, 0],
  output: 0,
  pair: chosen("swiglu"),
  pairQuantity: "value",
  reach: 4,
  point: [1, 1],
  search: "",
  entry: "",
};

/** The state as "#plot?f=relu&f=gelu"; what is as at the beginning is left out. */
export function toHash(state: State): string {
  const all = new URLSearchParams();
  const add = (name: string, value: string, initial: string): void => {
    if (value !== initial) all.append(name, value);
  };
  const curves = state.curves.map(toText);
  if (curves.join() !== INITIAL.curves.map(toText).join()) {
    for (const curve of curves.length > 0 ? curves : [""]) all.append("f", curve);
  }
  add("q", state.quantities.join(), INITIAL.quantities.join());
  add("t", state.type, INITIAL.type);
  add("d", String(state.difference), "false");
  add("x", state.x.join(), INITIAL.x.join());
  add("y", state.y?.join() ?? "", "");
  add("row", toText(state.row), toText(INITIAL.row));
  add("v", state.values.join(), INITIAL.values.join());
  add("o", String(state.output), "0");
  add("pair", toText(state.pair), toText(INITIAL.pair));
  add("pq", state.pairQuantity, INITIAL.pairQuantity);
  add("r", String(state.reach), String(INITIAL.reach));
  add("at", state.point.join(), INITIAL.point.join());
  add("s", state.search, "");
  add("e", state.entry, "");
  // These need no escape after a #, and are easier to read without.
  const text = all.toString().replace(/%28|%29|%3D|%2C|%40/g, decodeURIComponent);
  return text === "" ? `#${state.section}` : `#${state.section}?${text}`;
}

/** What the text after the # says; what it does not say, or says wrongly, is as at the beginning. */
export function fromHash(hash: string): State {
  const [section, text] = split(hash.replace(/^#/, ""), "?");
  const all = new URLSearchParams(text);
  const get = (name: string): string => all.get(name) ?? "";
  const curves = all.getAll("f").flatMap((each) => fromText(each) ?? []);
  const quantities = QUANTITIES.filter((each) => get("q").split(",").includes(each));
  const numbers = get("v").split(",").map(Number);
  const type = get("t");
  return {
    section: SECTIONS.find((each) => each === section) ?? INITIAL.section,
    type: isElementType(type) ? type : INITIAL.type,
    curves: all.has("f") ? curves : INITIAL.curves,
    quantities: quantities.length > 0 ? quantities : INITIAL.quantities,
    difference: get("d") === "true",
    x: interval(get("x")) ?? INITIAL.x,
    y: interval(get("y")),
    row: fromText(get("row")) ?? INITIAL.row,
    values: all.has("v") && numbers.every(Number.isFinite) ? numbers : INITIAL.values,
    output: Number(all.get("o") ?? 0) || 0,
    pair: fromText(get("pair")) ?? INITIAL.pair,
    pairQuantity: PAIR_QUANTITIES.find((each) => each === get("pq")) ?? INITIAL.pairQuantity,
    reach: Number(get("r")) > 0 ? Number(get("r")) : INITIAL.reach,
    point: pairOf(get("at")) ?? INITIAL.point,
    search: get("s"),
    entry: get("e"),
  };
}

/** "swish(beta=2)@jax". */
export function toText({ name, preset, arguments: given }: Chosen): string {
  const list = Object.entries(given).map(([key, value]) => `${key}=${numberText(value)}`);
  return name + (list.length > 0 ? `(${list.join()})` : "") + (preset === "" ? "" : `@${preset}`);
}

export function fromText(text: string): Chosen | undefined {
  const match = /^([\w.]+)(?:\(([^()]*)\))?(?:@(\w+))?$/.exec(text);
  if (match?.[1] === undefined) return undefined;
  const given: Record<string, number | string> = {};
  for (const pair of (match[2] ?? "").split(",").filter(Boolean)) {
    const [key, value] = split(pair, "=");
    const number = parseNumber(value);
    given[key] = Number.isNaN(number) ? value : number;
  }
  return { name: match[1], preset: match[3] ?? "", arguments: given };
}

/** Infinities as Python, the command and this page write them. */
export function numberText(value: number | string): string {
  if (value === Infinity) return "inf";
  return value === -Infinity ? "-inf" : String(value);
}

function split(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function pairOf(text: string): Interval | undefined {
  const [first = NaN, second = NaN, ...rest] = text.split(",").map((part) => parseNumber(part));
  const isPair = Number.isFinite(first) && Number.isFinite(second) && rest.length === 0;
  return isPair ? [first, second] : undefined;
}

function interval(text: string): Interval | undefined {
  const pair = pairOf(text);
  return pair !== undefined && pair[0] < pair[1] ? pair : undefined;
}
