import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import type { Snippet } from "../../src/snippets";
import { LANGUAGES, sampled, write } from "../../src/snippets";

const ORIGIN = "http://127.0.0.1:8080";
const FOLDER = new URL("../../build/snippets", import.meta.url).pathname;
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

// What is shown can be tried by hand, in the languages that the machine has.
test("all are left as files in build/snippets", () => {
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, snippet] of Object.entries({ CURVES, PAIR })) {
    for (const language of LANGUAGES) {
      const path = join(FOLDER, `${name} ${language}`);
      writeFileSync(path, write(language, snippet, ORIGIN));
      expect(statSync(path).size).toBeGreaterThan(50);
    }
  }
});

test("seven inputs, with few digits", () => {
  expect(sampled([-3, 3])).toEqual([-3, -2, -1, 0, 1, 2, 3]);
  expect(sampled([0, 1])).toEqual([0, 0.167, 0.333, 0.5, 0.667, 0.833, 1]);
});
