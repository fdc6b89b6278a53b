/** What the plot asks the server, and what it makes of the answer. */

import { entryOf, numbersOf, toMessage } from "../activation";
import { evaluate } from "../api";
import type { Catalogue, Entry } from "../catalogue";
import type { ElementType } from "../element_type";
import * as elements from "../element_type";
import { breaksOf } from "../formula/breaks";
import type {
  EvaluateRequestJson,
  EvaluationJson,
  QuantityJson,
  ResultJson,
  TensorJson,
} from "../messages/rectifier/v1/activation_pb";
import type { Chosen, Interval, Quantity, State } from "../state";
import { toText } from "../state";
import type { Dot } from "./dots";
import { dotsOf } from "./dots";

/** How many inputs are evaluated, at both ends of the axis and between. */
export const POINTS = 2001;

export interface Line {
  /** Which of the curves, by which its colour is chosen. */
  readonly curve: number;
  readonly quantity: Quantity;
  /** Of a parameter gradient. */
  readonly parameter: string;
  readonly label: string;
  /** A difference of numbers of the type need not be one. */
  readonly hasBits: boolean;
  /** One for each input; NaN where there is none. */
  readonly ys: Float64Array;
  readonly dots: readonly Dot[];
}

export interface Picture {
  readonly type: ElementType;
  /** Where the inputs stand on the axis, evenly spaced. */
  readonly xs: Float64Array;
  /** The same, rounded to the type: what is evaluated. */
  readonly inputs: Float64Array;
  readonly lines: readonly Line[];
}

export type Asked = Pick<State, "curves" | "quantities" | "type" | "x" | "difference">;

/** Those of the quantities that the activation has. */
export function offeredOf(
  catalogue: Catalogue | undefined,
  chosen: Chosen,
  quantities: readonly string[],
): string[] {
  const offered: readonly string[] = entryOf(catalogue, chosen)?.quantities ?? UNKNOWN;
  return quantities.filter((each) => offered.includes(each));
}

// What is asked for before the catalogue is there.
const UNKNOWN = ["value", "gradient", "second_derivative"];

export async function picture(asked: Asked, catalogue: Catalogue | undefined): Promise<Picture> {
  const xs = spread(asked.x, POINTS);
  const inputs = xs.map((x) => elements.roundTo(asked.type, x));
  const plan = new Plan(asked, catalogue, inputs);
  if (plan.request.evaluations?.length === 0) return { type: asked.type, xs, inputs, lines: [] };
  const { results = [] } = await evaluate(plan.request);
  const lines = plan.linesOf(results);
  return { type: asked.type, xs, inputs, lines: asked.difference ? differences(lines) : lines };
}

export function spread([low, high]: Interval, points: number): Float64Array {
  return Float64Array.from(
    { length: points },
    (_, i) => (low * (points - 1 - i) + high * i) / (points - 1),
  );
}

/** A curve's evaluations: over the axis, and next to the places where it may break. */
interface Part {
  readonly chosen: Chosen;
  readonly curve: number;
  readonly parameters: readonly string[];
  readonly result: number;
  readonly breaks: readonly number[];
  readonly breakResult: number | undefined;
}

class Plan {
  readonly #asked: Asked;
  readonly #catalogue: Catalogue | undefined;
  readonly #tensors: TensorJson[];
  readonly #evaluations: EvaluationJson[] = [];
  readonly #parts: readonly Part[];

  constructor(asked: Asked, catalogue: Catalogue | undefined, inputs: Float64Array) {
    this.#asked = asked;
    this.#catalogue = catalogue;
    this.#tensors = [tensorOf(asked.type, inputs)];
    this.#parts = asked.curves.map((each, i) => this.#add(each, i));
  }

  get request(): EvaluateRequestJson {
    return { tensors: this.#tensors, evaluations: this.#evaluations };
  }

  #add(chosen: Chosen, curve: number): Part {
    const entry = entryOf(this.#catalogue, chosen);
    const parameters = learnableOf(entry);
    const result = this.#evaluate(chosen, entry, 0, this.#asked.type, POINTS, false);
    const breaks = this.#breaksOf(chosen, entry);
    let breakResult: number | undefined;
    if (breaks.length > 0) {
      const around = breaks.flatMap((x) => [
        elements.neighbour(x, -1),
        x,
        elements.neighbour(x, 1),
      ]);
      const input = this.#tensors.push(tensorOf("float64", around)) - 1;
      breakResult = this.#evaluate(chosen, entry, input, "float64", around.length, true);
    }
    return { chosen, curve, parameters, result, breaks, breakResult };
  }

  #breaksOf(chosen: Chosen, entry: Entry | undefined): number[] {
    if (entry?.formula === undefined) return [];
    const given = numbersOf(this.#catalogue, chosen, entry);
    return breaksOf(entry.formula, given, ...this.#asked.x);
  }

  // The index of its result. Next to breaks all that can be had is asked for: whether a value has a
  // kink is what its gradient tells.
  #evaluate(
    chosen: Chosen,
    entry: Entry | undefined,
    input: number,
    type: ElementType,
    size: number,
    isBreak: boolean,
  ): number {
    const parameters = learnableOf(entry);
    const offered: readonly string[] = entry?.quantities ?? UNKNOWN;
    const quantities = isBreak
      ? offered.filter((each) => each !== "parameter_gradient" || this.#wantsParameters())
      : this.#asked.quantities.filter((each) => offered.includes(each));
    const activation = toMessage(chosen);
    if (quantities.includes("parameter_gradient") && entry !== undefined) {
      const numbers = numbersOf(this.#catalogue, chosen, entry);
      activation.arguments = { ...activation.arguments };
      // A number's gradient would be the sum over all inputs; a tensor's has one for each.
      for (const name of parameters) {
        const copies = new Float64Array(size).fill(numbers[name] ?? NaN);
        activation.arguments[name] = { tensor: this.#tensors.push(tensorOf(type, copies)) - 1 };
      }
    }
    const evaluation: EvaluationJson = {
      inputs: [input],
      activation,
      quantities: quantities.map(toQuantity),
    };
    return this.#evaluations.push(evaluation) - 1;
  }

  #wantsParameters(): boolean {
    return this.#asked.quantities.includes("parameter_gradient");
  }

  linesOf(results: readonly ResultJson[]): Line[] {
    return this.#parts.flatMap((part) => {
      const own = results[part.result];
      if (own === undefined) return [];
      const near = part.breakResult === undefined ? undefined : results[part.breakResult];
      return this.#asked.quantities.flatMap((quantity) => {
        const names = quantity === "parameter_gradient" ? part.parameters : [""];
        return names.flatMap((name) => this.#lineOf(part, quantity, name, own, near) ?? []);
      });
    });
  }

  #lineOf(
    { chosen, curve, breaks }: Part,
    quantity: Quantity,
    parameter: string,
    own: ResultJson,
    near: ResultJson | undefined,
  ): Line | undefined {
    const ys = numbersIn(tensorFor(own, quantity, parameter));
    if (ys === undefined) return undefined;
    const limits = near === undefined ? undefined : numbersIn(tensorFor(near, quantity, parameter));
    const next = near === undefined ? undefined : numbersIn(derivativeOf(near, quantity));
    const dots = limits === undefined ? [] : dotsOf(breaks, limits, next);
    const label = labelOf(chosen, quantity, parameter);
    return { curve, quantity, parameter, label, hasBits: true, ys, dots };
  }
}

/** The parameters that have a gradient of their own at each input. */
function learnableOf(entry: Entry | undefined): string[] {
  return (entry?.parameters ?? [])
    .filter((each) => each.learnable && each.shape === "PARAMETER_SHAPE_INPUT")
    .map((each) => each.name);
}

export function tensorOf(type: ElementType, numbers: ArrayLike<number>): TensorJson {
  return {
    elementType: elements.toMessage(type),
    shape: [String(numbers.length)],
    data: elements.encode(type, numbers),
  };
}

export function numbersIn(tensor: TensorJson | undefined): Float64Array | undefined {
  const type = elements.fromMessage(tensor?.elementType ?? "ELEMENT_TYPE_UNSPECIFIED");
  if (!elements.isElementType(type)) return undefined;
  return elements.decode(type, tensor?.data ?? "");
}

export function toQuantity(quantity: string): QuantityJson {
  return `QUANTITY_${quantity.toUpperCase()}` as QuantityJson;
}

function tensorFor(
  result: ResultJson,
  quantity: Quantity,
  parameter: string,
): TensorJson | undefined {
  switch (quantity) {
    case "value":
      return result.value;
    case "gradient":
      return result.gradients?.[0];
    case "second_derivative":
      return result.secondDerivative;
    case "parameter_gradient":
      return result.parameterGradients?.find((each) => each.parameter === parameter)?.gradient;
  }
}

function derivativeOf(result: ResultJson, quantity: Quantity): TensorJson | undefined {
  if (quantity === "value") return result.gradients?.[0];
  return quantity === "gradient" ? result.secondDerivative : undefined;
}

const MARKS: Record<Quantity, string> = {
  value: "",
  gradient: "′",
  second_derivative: "″",
  parameter_gradient: "",
};

function labelOf(chosen: Chosen, quantity: Quantity, parameter: string): string {
  const name = toText(chosen);
  return quantity === "parameter_gradient" ? `∂ ${name} / ∂${parameter}` : name + MARKS[quantity];
}

/** The first curve's lines less those of the second. */
function differences(lines: readonly Line[]): Line[] {
  return lines.flatMap((line) => {
    const other = lines.find(
      (each) =>
        each.curve === 1 && each.quantity === line.quantity && each.parameter === line.parameter,
    );
    if (line.curve !== 0 || other === undefined) return [];
    const ys = line.ys.map((y, i) => y - (other.ys[i] ?? NaN));
    const label = `${line.label} − ${other.label}`;
    return [{ ...line, label, hasBits: false, ys, dots: [] }];
  });
}
