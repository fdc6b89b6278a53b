import { expect, test } from "vitest";

import { defaultOf, entryOf, toMessage } from "../../src/activation";
import { Catalogue, parseNumber, rangeOf } from "../../src/catalogue";
import { sliderRange } from "../../src/controls";
import { chosen } from "../../src/state";
import { loadCatalogue } from "./catalogue_data";

const catalogue = loadCatalogue();

test.each([
  ["gelu", "gelu"],
  ["torch.nn.Hardswish", "hard_swish"],
  ["hard swish", "hard_swish"],
  ["HardSigmoid", "hard_sigmoid"],
  ["swiglu", "swiglu"],
  ["eltwise_relu", "relu"],
  ["Gaussian Error", "gelu"],
])("search for %s finds %s first", (text, name) => {
  expect(catalogue.search(text)[0]?.name).toBe(name);
});

test("search finds all without a word, and nothing for nonsense", () => {
  expect(catalogue.search(" ")).toHaveLength(catalogue.entries.length);
  expect(catalogue.search("qwertz")).toEqual([]);
});

test("every name and alias finds its entry", () => {
  for (const entry of catalogue.entries) {
    expect(catalogue.find(entry.name)).toBe(entry);
    for (const alias of entry.description.aliases ?? [])
      expect(catalogue.find(alias)).toBeDefined();
  }
});

const PRESETS = new Catalogue([
  {
    name: "f",
    aliases: ["g", "exact"],
    exactNames: ["exact"],
    parameters: [{ name: "a", type: "PARAMETER_TYPE_NUMBER", defaultNumber: 1 }],
    presets: [
      { framework: "jax", activation: "h" },
      { framework: "keras", parameter: "a", number: "Infinity" },
      { parameter: "a", number: 3, names: ["g"] },
    ],
  },
  { name: "h" },
]);

test("presets choose defaults and other activations", () => {
  const of = (name: string, preset: string): unknown[] => {
    const given = { ...chosen(name), preset };
    const parameter = PRESETS.entries[0]?.parameters[0];
    if (parameter === undefined) throw new Error("it has a parameter");
    return [entryOf(PRESETS, given)?.name, defaultOf(PRESETS, given, parameter)];
  };
  expect(of("f", "")).toEqual(["f", 1]);
  expect(of("f", "jax")).toEqual(["h", 1]);
  expect(of("exact", "jax")).toEqual(["f", 1]);
  expect(of("f", "keras")).toEqual(["f", Infinity]);
  expect(of("g", "keras")).toEqual(["f", 3]);
});

test("arguments as the API takes them", () => {
  const given = { name: "f", preset: "jax", arguments: { a: Infinity, b: "first", c: 2 } };
  expect(toMessage(given)).toEqual({
    name: "f",
    preset: "jax",
    arguments: { a: { number: "Infinity" }, b: { word: "first" }, c: { number: 2 } },
  });
});

test("numbers and ranges as people write them", () => {
  expect(["inf", "-inf", "−2", "1e-3", "x", ""].map(parseNumber)).toEqual([
    Infinity,
    -Infinity,
    -2,
    0.001,
    NaN,
    NaN,
  ]);
  expect(rangeOf("(0, 2]")).toEqual({ low: 0, high: 2, hasLow: false, hasHigh: true });
  expect(rangeOf("[-1e+100, 1e+100] and not between -1e-100 and 1e-100").high).toBe(1e100);
  expect(rangeOf("whatever").low).toBe(-Infinity);
});

test("sliders go around the default, within what is allowed", () => {
  const beta = catalogue.find("hard_sigmoid")?.parameters[0];
  const limit = catalogue.find("relu_general")?.parameters[1];
  if (beta === undefined || limit === undefined) throw new Error("they have parameters");
  const { low, high } = sliderRange(beta, 1 / 6);
  expect([low, high]).toEqual([0.01, 3.16]);
  expect(sliderRange(limit, Infinity)).toEqual({ low: -3, high: 3 });
});
