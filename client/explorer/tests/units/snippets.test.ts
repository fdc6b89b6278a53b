import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import type { Snippet } from "../../src/snippets";
import { LANGUAGES, sampled, write } from "../../src/snippets";

const ORIGIN = "http://127.0.0.1:8080";
const CURVES: Snippet = {
  calls: [
    {
      chosen: { name: "softplus", preset: "pytorch", arguments: { beta: 2, threshold: Infinity } },
      quantities: ["value", "gradient", "parameter_gradient"],
    },
    {
      chosen: { name: "gelu", preset: "", arguments: {} },
      quantities: ["value", "gradient"],
    },
  ],
  type: "float32",
  inputs: [[-1, 0, 1]],
};
const PAIR: Snippet = {
  calls: [
    {
      chosen: { name: "glu", preset: "", arguments: { gate: "first" } },
      quantities: ["value", "gradient"],
    },
  ],
  type: "float16",
  inputs: [[1], [2.5]],
};

test.each(LANGUAGES)("curves in %s", (language) => {
  expect(write(language, CURVES, ORIGIN)).toMatchSnapshot();
});

test.each(LANGUAGES)("a pair in %s", (language) => {
  expect(write(language, PAIR, ORIGIN)).toMatchSnapshot();
});

// For trying them by hand: they are what is shown, and no more.
test.runIf(process.env["SNIPPETS"] !== undefined)("write them all as files", () => {
  const folder = process.env["SNIPPETS"] ?? "";
  const origin = process.env["ORIGIN"] ?? "";
  for (const [name, snippet] of Object.entries({ CURVES, PAIR })) {
    for (const language of LANGUAGES) {
      writeFileSync(join(folder, `${name}.${language}`), write(language, snippet, origin));
    }
  }
});

test("seven inputs, with few digits", () => {
  expect(sampled([-3, 3])).toEqual([-3, -2, -1, 0, 1, 2, 3]);
  expect(sampled([0, 1])).toEqual([0, 0.167, 0.333, 0.5, 0.667, 0.833, 1]);
});
