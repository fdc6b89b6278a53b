import type { VNode } from "preact";
import { expect, test } from "vitest";

import { breaksOf } from "../../src/formula/breaks";
import { typeset } from "../../src/formula/mathml";
import { parse } from "../../src/formula/parse";
import { dumped, loadCatalogue } from "./catalogue_data";

/** The tree as text: what stands in `msub` and the like is named, rows are not. */
function flat(node: unknown): string {
  if (Array.isArray(node)) return node.map(flat).join("");
  if (typeof node === "string") return node.replace(/[\u2061\u2062]/g, "");
  if (node === null || typeof node !== "object") return "";
  const { type, props } = node as VNode<{ children: unknown }>;
  const children: unknown[] = Array.isArray(props.children) ? props.children : [props.children];
  const isShown = ["mfrac", "msup", "msub", "munder", "msqrt", "mtr"].includes(String(type));
  const parts = children.map(flat);
  return isShown ? `${String(type)}(${parts.join("; ")})` : parts.join("");
}

function show(text: string): string {
  return flat(typeset(parse(text)));
}

test("every formula of the catalogue is understood", () => {
  expect(dumped.length).toBeGreaterThan(80);
  for (const { name, formula } of dumped) {
    const shown = show(formula);
    expect(shown, name).not.toMatch(/Piecewise|\*|<=|>=|undefined/);
  }
});

test.each([
  ["x/(1 + exp(-beta*x))", "mfrac(x; 1+msup(e; −βx))"],
  ["x*erfc(-x/sqrt(2))/2", "mfrac(xerfc(−mfrac(x; msqrt(2))); 2)"],
  ["Abs(x)", "|x|"],
  ["alpha*(exp(x) - 1)", "α(msup(e; x)−1)"],
  ["a - (b - c)", "a−(b−c)"],
  ["a*(b/c)", "amfrac(b; c)"],
  ["(a*b)**2", "msup((ab); 2)"],
  ["-x**2", "−msup(x; 2)"],
  ["2*3*x", "2·3x"],
  ["negative_slope*x", "negative slope·x"],
  ["alpha_p*x", "msub(α; p)x"],
  ["1e308", "msup(10; 308)"],
  ["Piecewise((x, x > 0), (0, True))", "{mtr(x; if\u00a0x>0)mtr(0; otherwise)"],
  ["x if x >= 0 else -x", "{mtr(x; if\u00a0x≥0)mtr(−x; otherwise)"],
  ["sum(exp(t/temperature) for t in x)", "munder(∑; t∈x)msup(e; mfrac(t; temperature))"],
  ["x[i]", "msub(x; i)"],
  ["(x < 0) | ((x > 1) & (y >= 2))", "x<0∨x>1∧y≥2"],
])("typesets %s", (text, shown) => {
  expect(show(text)).toBe(shown);
});

test.each(["x +", "x )", "Piecewise((x, x > 0)", "x $ 2", "", "sum(x of y)"])(
  "refuses %j",
  (text) => {
    expect(() => parse(text)).toThrow(SyntaxError);
  },
);

test("kinks and jumps are where a condition changes", () => {
  const breaks = (name: string, given: Record<string, number> = {}): number[] => {
    const entry = loadCatalogue().find(name);
    if (entry?.formula === undefined) throw new Error(name);
    const defaults = Object.fromEntries(
      entry.parameters.map((parameter) => [parameter.name, parameter.defaultNumber]),
    );
    return breaksOf(entry.formula, { ...defaults, ...given }, -10, 10);
  };
  expect(breaks("relu")).toEqual([0]);
  expect(breaks("abs")).toEqual([0]);
  expect(breaks("relu_n")).toEqual([0, 6]);
  expect(breaks("hard_sigmoid")).toEqual([-3, 3]);
  expect(breaks("soft_shrink", { lambd: 2 })).toEqual([-2, 2]);
  expect(breaks("tlu", { alpha: 0.5, tau: 1 })).toEqual([2]);
  expect(breaks("softplus")).toEqual([]);
  expect(breaks("softplus", { threshold: 4, beta: 2 })).toEqual([2]);
  expect(breaks("clip", { min_val: -1, max_val: 20 })).toEqual([-1]);
  expect(breaks("selu")).toEqual([0]);
  expect(breaks("gelu")).toEqual([]);
  expect(breaks("gelu_clipped")).toEqual([]);
});
