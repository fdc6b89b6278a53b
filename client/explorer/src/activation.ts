/** A chosen activation, as the catalogue sees it and as the API takes it. */

import type { Catalogue, Entry, Parameter } from "./catalogue";
import { numberOf } from "./catalogue";
import type {
  ActivationJson,
  ArgumentJson,
  PresetJson,
} from "./messages/rectifier/v1/activation_pb";
import type { Chosen } from "./state";

/** What is evaluated: presets may make another activation of a name. */
export function entryOf(catalogue: Catalogue | undefined, chosen: Chosen): Entry | undefined {
  const named = catalogue?.find(chosen.name);
  const other = presetsOf(named, chosen).find((preset) => preset.activation !== undefined);
  return catalogue?.find(other?.activation ?? chosen.name);
}

/** A parameter's value without an argument: the preset's default, or the activation's own. */
export function defaultOf(
  catalogue: Catalogue | undefined,
  chosen: Chosen,
  parameter: Parameter,
): number | string {
  const preset = presetsOf(catalogue?.find(chosen.name), chosen).find(
    (each) => each.parameter === parameter.name && each.tensorAxis === undefined,
  );
  if (preset !== undefined) return preset.word ?? numberOf(preset.number ?? 0);
  const isWord = parameter.defaultWord !== "" || parameter.words.length > 0;
  return isWord ? parameter.defaultWord : parameter.defaultNumber;
}

/** A parameter's value. */
export function valueOf(
  catalogue: Catalogue | undefined,
  chosen: Chosen,
  parameter: Parameter,
): number | string {
  return chosen.arguments[parameter.name] ?? defaultOf(catalogue, chosen, parameter);
}

/** The values of all parameters that have a number. */
export function numbersOf(
  catalogue: Catalogue | undefined,
  chosen: Chosen,
  entry: Entry,
): Record<string, number> {
  const numbers: Record<string, number> = {};
  for (const parameter of entry.parameters) {
    const value = valueOf(catalogue, chosen, parameter);
    if (typeof value === "number") numbers[parameter.name] = value;
  }
  return numbers;
}

export function toMessage(chosen: Chosen): ActivationJson {
  const given = Object.entries(chosen.arguments).map(
    ([name, value]) => [name, argumentOf(value)] as const,
  );
  return {
    name: chosen.name,
    ...(given.length > 0 ? { arguments: Object.fromEntries(given) } : {}),
    ...(chosen.preset === "" ? {} : { preset: chosen.preset }),
  };
}

/** The argument in protobuf's JSON. */
export function argumentOf(value: number | string): ArgumentJson {
  if (typeof value === "string") return { word: value };
  if (value === Infinity) return { number: "Infinity" };
  return { number: value === -Infinity ? "-Infinity" : value };
}

/** The presets that hold, those first that go before the others. */
function presetsOf(named: Entry | undefined, chosen: Chosen): readonly PresetJson[] {
  const isExact = named?.description.exactNames?.includes(chosen.name) === true;
  return (named?.description.presets ?? [])
    .filter((preset) => {
      const framework = preset.framework ?? "";
      if (framework !== "" && framework !== chosen.preset) return false;
      if (preset.names === undefined) return !(isExact && preset.activation !== undefined);
      return preset.names.includes(chosen.name);
    })
    .sort((a, b) => precedence(a) - precedence(b));
}

function precedence(preset: PresetJson): number {
  return (preset.names === undefined ? 2 : 0) + (preset.framework === undefined ? 1 : 0);
}
