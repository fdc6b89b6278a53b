/** The catalogue as the oracle has it, in the form of the API: for tests without a server. */

import { readFileSync } from "node:fs";

import { Catalogue } from "../../src/catalogue";
import type { ActivationDescriptionJson } from "../../src/messages/rectifier/v1/activation_pb";

interface Dumped {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly kind: string;
  readonly summary: string;
  readonly formula: string;
  readonly source: string;
  readonly quantities: readonly string[];
  readonly parameters: readonly {
    readonly name: string;
    readonly type: string;
    readonly default: number | string;
    readonly range: { readonly text: string };
    readonly learnable: boolean;
  }[];
}

const FILE = new URL("../../../../tests/numerics/oracle/catalogue.json", import.meta.url);

export const dumped = (
  JSON.parse(readFileSync(FILE, "utf8")) as { readonly activations: readonly Dumped[] }
).activations;

const INFINITIES: Record<string, "Infinity" | "-Infinity"> = {
  inf: "Infinity",
  "-inf": "-Infinity",
};

export function loadCatalogue(): Catalogue {
  return new Catalogue(dumped.map(describe));
}

function describe(entry: Dumped): ActivationDescriptionJson {
  return {
    name: entry.name,
    aliases: [...entry.aliases],
    kind: `ACTIVATION_KIND_${entry.kind.toUpperCase()}` as "ACTIVATION_KIND_ROWS",
    summary: entry.summary,
    formula: entry.formula,
    source: entry.source,
    quantities: entry.quantities.map(
      (each) => `QUANTITY_${each.toUpperCase()}` as "QUANTITY_VALUE",
    ),
    parameters: entry.parameters.map((parameter) => ({
      name: parameter.name,
      type: `PARAMETER_TYPE_${parameter.type.toUpperCase()}` as "PARAMETER_TYPE_NUMBER",
      defaultNumber:
        typeof parameter.default === "number"
          ? parameter.default
          : (INFINITIES[parameter.default] ?? 0),
      range: parameter.range.text,
      learnable: parameter.learnable,
      shape: "PARAMETER_SHAPE_INPUT",
    })),
  };
}
