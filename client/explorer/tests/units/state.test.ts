import { expect, test } from "vitest";

import { fromHash, fromText, INITIAL, toHash, toText } from "../../src/state";

test("the first picture has a short address", () => {
  expect(toHash(INITIAL)).toBe("#plot");
  expect(fromHash("")).toEqual(INITIAL);
  expect(fromHash("#plot")).toEqual(INITIAL);
});

test("whatever is shown is in the address", () => {
  const state: typeof INITIAL = {
    section: "pairs",
    type: "bfloat16",
    curves: [
      { name: "clip", preset: "jax", arguments: { max_val: Infinity, min_val: -0.5 } },
      { name: "torch.nn.GELU", preset: "", arguments: {} },
    ],
    quantities: ["value", "parameter_gradient"],
    difference: true,
    x: [-1e-3, 2.5],
    y: [0, 1e21],
    row: { name: "gumbel_softmax", preset: "", arguments: { hard: "true", seed: 7 } },
    values: [1, -2.25],
    output: 1,
    pair: { name: "geglu", preset: "pytorch", arguments: {} },
    pairQuantity: "gate",
    reach: 2,
    point: [0.5, -1],
    search: "hard swish & more?",
    entry: "hard_swish",
  };
  expect(fromHash(toHash(state))).toEqual(state);
});

test("no curve at all is something, too", () => {
  expect(fromHash(toHash({ ...INITIAL, curves: [] })).curves).toEqual([]);
});

test.each([
  "#nowhere?x=3,1&t=float8&q=nothing&v=a,b&r=-1&at=1&pq=no&o=x&y=1",
  "#plot?row=(&pair=&x=1&x",
])("what an address says wrongly is as at the beginning: %s", (hash) => {
  expect(fromHash(hash)).toEqual(INITIAL);
});

test("a curve as text", () => {
  expect(fromText("swish(beta=-inf)@jax")).toEqual({
    name: "swish",
    preset: "jax",
    arguments: { beta: -Infinity },
  });
  expect(fromText("glu(gate=first)")?.arguments).toEqual({ gate: "first" });
  expect(fromText("no name")).toBeUndefined();
  expect(toText({ name: "clip", preset: "", arguments: { max_val: Infinity } })).toBe(
    "clip(max_val=inf)",
  );
});
