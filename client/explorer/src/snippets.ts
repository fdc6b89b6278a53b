/** What is seen, as a program or a command that evaluates the same. */

import type { ElementType } from "./element_type";
import { hexOf } from "./element_type";
import type { Chosen, Interval } from "./state";
import { numberText } from "./state";

export const LANGUAGES = ["Python", "curl", "Command line", "Go", "C++"] as const;
export type Language = (typeof LANGUAGES)[number];

export interface SnippetCall {
  readonly chosen: Chosen;
  /** value, gradient, second_derivative, parameter_gradient; those that it offers. */
  readonly quantities: readonly string[];
}

export interface Snippet {
  readonly calls: readonly SnippetCall[];
  readonly type: ElementType;
  /** One vector; of gated pairs two, a gate and a value. */
  readonly inputs: readonly (readonly number[])[];
}

/** Seven numbers, evenly spaced, with as few digits as tell them apart. */
export function sampled([low, high]: Interval): number[] {
  const step = (high - low) / 6;
  return Array.from({ length: 7 }, (_, i) => {
    const number = low + i * step;
    return Number(number.toFixed(Math.max(0, 2 - Math.floor(Math.log10(step)))));
  });
}

export function write(language: Language, snippet: Snippet, origin: string): string {
  switch (language) {
    case "Python":
      return python(snippet);
    case "curl":
      return curl(snippet, origin);
    case "Command line":
      return command(snippet);
    case "Go":
      return go(snippet);
    case "C++":
      return cpp(snippet);
  }
}

const PYTHON_FLAGS: Record<string, string> = {
  gradient: "gradient=True",
  second_derivative: "second_derivative=True",
  parameter_gradient: "parameter_gradients=True",
};

function python({ calls, type, inputs }: Snippet): string {
  const isBfloat16 = type === "bfloat16";
  const dtype = isBfloat16 ? "ml_dtypes.bfloat16" : `np.${type}`;
  const names = inputs.length === 1 ? ["x"] : inputs.map((_, i) => `x${i}`);
  const arrays = inputs.map(
    (numbers, i) => `${names[i] ?? ""} = np.array([${numbers.join(", ")}], ${dtype})`,
  );
  const lines = calls.map(({ chosen: { name, preset, arguments: given }, quantities }) => {
    const list = Object.entries(given).map(
      ([key, value]) =>
        `"${key}": ${typeof value === "string" ? `"${value}"` : pythonNumber(value)}`,
    );
    const words = [
      `"${name}"`,
      ...names,
      ...(list.length > 0 ? [`arguments={${list.join(", ")}}`] : []),
      ...(preset === "" ? [] : [`preset="${preset}"`]),
      ...(quantities.includes("value") ? [] : ["value=False"]),
      ...quantities.flatMap((quantity) => PYTHON_FLAGS[quantity] ?? []),
    ];
    const results = quantities.map((quantity) => pythonResult(quantity, inputs.length));
    return `result = client.evaluate(${words.join(", ")})\nprint(${results.join(", ")})`;
  });
  return [
    isBfloat16 ? "import ml_dtypes\nimport numpy as np" : "import numpy as np",
    "import rectifier\n",
    "client = rectifier.Client()",
    ...arrays,
    ...lines,
    "",
  ].join("\n");
}

function pythonResult(quantity: string, inputs: number): string {
  if (quantity === "gradient" && inputs > 1) return "*result.gradients";
  return `result.${quantity === "parameter_gradient" ? "parameter_gradients" : quantity}`;
}

function pythonNumber(value: number): string {
  return Number.isFinite(value) ? String(value) : `float("${numberText(value)}")`;
}

function curl({ calls, type, inputs }: Snippet, origin: string): string {
  const request = {
    tensors: inputs.map((values) => ({
      elementType: `ELEMENT_TYPE_${type.toUpperCase()}`,
      shape: [values.length],
      values,
    })),
    evaluations: calls.map(({ chosen: { name, preset, arguments: given }, quantities }) => {
      const list = Object.entries(given).map(([key, value]) => [key, jsonArgument(value)] as const);
      return {
        inputs: inputs.map((_, i) => i),
        activation: {
          name,
          ...(preset === "" ? {} : { preset }),
          ...(list.length > 0 ? { arguments: Object.fromEntries(list) } : {}),
        },
        quantities: quantities.map((quantity) => `QUANTITY_${quantity.toUpperCase()}`),
      };
    }),
  };
  // Lists of numbers and words stand on one line each.
  const json = JSON.stringify(request, null, 2).replace(/\[[^[\]{}]*\]/g, (list) =>
    list.replace(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]"),
  );
  return `curl --json '${json}' ${origin}/rectifier.v1.ActivationService/Evaluate\n`;
}

function jsonArgument(value: number | string): object {
  if (typeof value === "string") return { word: value };
  return { number: Number.isFinite(value) ? value : value > 0 ? "Infinity" : "-Infinity" };
}

function command({ calls, type, inputs }: Snippet): string {
  const lines = calls.map(({ chosen: { name, preset, arguments: given }, quantities }) => {
    const words = [
      `rectifier eval ${name}`,
      ...Object.entries(given).map(([key, value]) => `${key}=${numberText(value)}`),
      ...(preset === "" ? [] : [`--preset ${preset}`]),
      `-q ${quantities.join()}`,
      `--type ${type}`,
    ].join(" ");
    const [only, second] = inputs;
    if (second === undefined) return `${words} -- ${only?.join(" ") ?? ""}`;
    return `${words} ${inputs.map((numbers) => `-i <(echo ${numbers.join(" ")})`).join(" ")}`;
  });
  return `${lines.join("\n")}\n`;
}

const GO_QUANTITIES: Record<string, readonly [string, string]> = {
  value: ["rectifier.Value", "result.Value"],
  gradient: ["rectifier.Gradient", "result.Gradients..."],
  second_derivative: ["rectifier.SecondDerivative", "result.SecondDerivative"],
  parameter_gradient: ["rectifier.ParameterGradients", ""],
};

function go({ calls, type, inputs }: Snippet): string {
  const evaluations = calls.map((call) => goEvaluation(call, inputs.length));
  const hasInfinity = calls.some(({ chosen: { arguments: given } }) =>
    Object.values(given).some((value) => Math.abs(Number(value)) === Infinity),
  );
  return `package main

import (
\t"context"
\t"fmt"
\t"log"
${hasInfinity ? '\t"math"\n' : ""}
\trectifier "github.com/rectifier/rectifier/client/go"
)

func main() {
\tclient, err := rectifier.NewClient("") // RECTIFIER_TARGET, or the default unix socket
\tif err != nil {
\t\tlog.Fatal(err)
\t}
\tdefer client.Close()
${inputs.map((numbers, i) => `\tx${i} := ${goTensor(type, numbers)}`).join("\n")}
\tresults, err := client.EvaluateBatch(context.Background(), []rectifier.Evaluation{
${evaluations.join("\n")}
\t})
\tif err != nil {
\t\tlog.Fatal(err)
\t}
\tfor _, result := range results {
${goPrinting(type, allOf(calls, GO_QUANTITIES))}
\t}
}
`;
}

function goTensor(type: ElementType, numbers: readonly number[]): string {
  if (type === "float64" || type === "float32") {
    return `rectifier.Of([]${type}{${numbers.join(", ")}})`;
  }
  const bits = numbers.map((number) => hexOf(type, number)).join(", ");
  const of = type === "float16" ? "OfFloat16" : "OfBFloat16";
  return `rectifier.${of}([]uint16{${bits}}) // ${numbers.join(", ")}`;
}

/** What is asked for in any of the calls, as the language says it. */
function allOf(
  calls: readonly SnippetCall[],
  words: Record<string, readonly [string, string]>,
): (readonly [string, string])[] {
  const names = Object.keys(words).filter((name) =>
    calls.some(({ quantities }) => quantities.includes(name)),
  );
  return names.flatMap((name) => (words[name] === undefined ? [] : [words[name]]));
}

function goEvaluation(call: SnippetCall, inputs: number): string {
  const { name, preset, arguments: given } = call.chosen;
  const asked = allOf([call], GO_QUANTITIES);
  const list = Object.entries(given).map(([key, value]) => {
    const argument =
      typeof value === "string"
        ? `rectifier.Word("${value}")`
        : `rectifier.Number(${goNumber(value)})`;
    return `"${key}": ${argument}`;
  });
  const names = Array.from({ length: inputs }, (_, i) => `x${i}`).join(", ");
  return [
    "\t\t{",
    `\t\t\tActivation: "${name}",`,
    `\t\t\tInputs:     []rectifier.Tensor{${names}},`,
    ...(list.length > 0 ? [`\t\t\tArguments:  rectifier.Arguments{${list.join(", ")}},`] : []),
    ...(preset === "" ? [] : [`\t\t\tPreset:     "${preset}",`]),
    `\t\t\tQuantities: []rectifier.Quantity{${asked.map(([word]) => word).join(", ")}},`,
    "\t\t},",
  ].join("\n");
}

function goNumber(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return `math.Inf(${value > 0 ? 1 : -1})`;
}

function goPrinting(type: ElementType, asked: readonly (readonly [string, string])[]): string {
  const is16 = type === "float16" || type === "bfloat16";
  const print = is16
    ? '\t\t\tfmt.Printf("%v % x\\n", tensor, tensor.Bytes())'
    : `\t\t\tnumbers, err := rectifier.Floats[${type}](tensor)
\t\t\tif err != nil {
\t\t\t\tlog.Fatal(err)
\t\t\t}
\t\t\tfmt.Println(numbers)`;
  const fields = asked.map(([, field]) => field).filter((field) => field !== "");
  const tensors = fields.map((field) => `\t\ttensors = append(tensors, ${field})`).join("\n");
  const loop = `\t\tvar tensors []rectifier.Tensor
${tensors}
\t\tfor _, tensor := range tensors {
${print}
\t\t}`;
  const rest = asked.some(([, field]) => field === "")
    ? ["\t\tfmt.Println(result.ParameterGradients)"]
    : [];
  return [...(fields.length > 0 ? [loop] : []), ...rest].join("\n");
}

const CPP_QUANTITIES: Record<string, readonly [string, string]> = {
  value: ["Quantity::kValue", "Print(*result.value);"],
  gradient: ["Quantity::kGradient", "for (const Tensor& each : result.gradients) Print(each);"],
  second_derivative: ["Quantity::kSecondDerivative", "Print(*result.second_derivative);"],
  parameter_gradient: [
    "Quantity::kParameterGradient",
    "for (const auto& [name, each] : result.parameter_gradients) Print(each);",
  ],
};

const CPP_TYPES: Record<ElementType, string> = {
  float64: "",
  float32: ".As(ElementType::kFloat32)",
  float16: ".As(ElementType::kFloat16)",
  bfloat16: ".As(ElementType::kBFloat16)",
};

function cpp({ calls, type, inputs }: Snippet): string {
  const tensors = inputs.map(
    (numbers, i) =>
      `  const Tensor x${i} = Tensor::FromVector<double>({${numbers.join(", ")}})${CPP_TYPES[type]};`,
  );
  const names = inputs.map((_, i) => `x${i}`).join(", ");
  const evaluations = calls.map((call) => cppEvaluation(call, names));
  return `#include <iostream>
#include <limits>
#include <vector>

#include "rectifier_client/client.h"

using namespace rectifier::client;

void Print(const Tensor& tensor) {
  for (const double number : tensor.ToDoubles()) std::cout << number << " ";
  std::cout << "\\n";
}

int main() {
  Client client = Client::Connect();  // RECTIFIER_TARGET, or the default unix socket
${tensors.join("\n")}
  const std::vector<Evaluation> evaluations = {
${evaluations.join(",\n")}};
  const auto results = client.EvaluateBatch(evaluations);
  if (!results.ok()) {
    std::cerr << results.status().message() << "\\n";
    return 1;
  }
  for (const Result& result : *results) {
${allOf(calls, CPP_QUANTITIES)
  .map(([, print]) => `    ${print}`)
  .join("\n")}
  }
}
`;
}

function cppEvaluation(call: SnippetCall, names: string): string {
  const { name, preset, arguments: given } = call.chosen;
  const asked = allOf([call], CPP_QUANTITIES);
  const list = Object.entries(given).map(
    ([key, value]) => `{"${key}", ${typeof value === "string" ? `"${value}"` : cppNumber(value)}}`,
  );
  const fields = [
    `.activation = "${name}"`,
    ...(preset === "" ? [] : [`.preset = "${preset}"`]),
    ...(list.length > 0 ? [`.arguments = {${list.join(", ")}}`] : []),
    `.inputs = {${names}}`,
    `.quantities = {${asked.map(([word]) => word).join(", ")}}`,
  ];
  return `      {${fields.join(",\n       ")}}`;
}

function cppNumber(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return `${value > 0 ? "" : "-"}std::numeric_limits<double>::infinity()`;
}
