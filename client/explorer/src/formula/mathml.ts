/** Formulas as MathML. */

import type { ComponentChildren, VNode } from "preact";
import { h } from "preact";

import type { Formula, Operator } from "./parse";

/** A whole `math` element. */
export function typeset(formula: Formula): VNode {
  return h("math", { display: "block" }, rowOf(formula));
}

const GREEK: Record<string, string> = {
  alpha: "α",
  beta: "β",
  lambd: "λ",
  mu: "μ",
  omega: "ω",
  pi: "π",
  sigma: "σ",
  tau: "τ",
  theta: "θ",
};

const SIGNS: Record<string, string> = {
  "-": "−",
  "<=": "≤",
  ">=": "≥",
  "==": "=",
  "&": "∧",
  "|": "∨",
};

// How tightly the parts of a formula hold together; what holds less than its place wants gets
// brackets.
const LOOSENESS: Record<Operator, number> = {
  "|": 1,
  "&": 2,
  "<": 3,
  "<=": 3,
  ">": 3,
  ">=": 3,
  "==": 3,
  "+": 4,
  "-": 4,
  "*": 5,
  "/": 5,
  "**": 7,
};
const SIGN = 5; // of a minus before a term
const ATOM = 8;

function strengthOf(formula: Formula): number {
  if (formula.kind === "negative") return SIGN;
  if (formula.kind === "cases") return 0;
  if (formula.kind === "sum") return 5;
  // A fraction is as closed as an atom, for its line holds it together.
  if (formula.kind !== "binary" || formula.operator === "/") return ATOM;
  return LOOSENESS[formula.operator];
}

function element(name: string, ...children: ComponentChildren[]): VNode {
  return h(name, null, ...children);
}

function operator(sign: string): VNode {
  return element("mo", sign);
}

function rowOf(formula: Formula): VNode {
  return element("mrow", ...partsOf(formula));
}

/** The formula in a place that wants at least `strength`. */
function inPlace(formula: Formula, strength: number): VNode {
  return strengthOf(formula) >= strength ? rowOf(formula) : bracketed(formula);
}

function bracketed(formula: Formula, open = "(", close = ")"): VNode {
  return between(open, rowOf(formula), close, isTall(formula));
}

function between(open: string, inner: VNode, close: string, isStretched: boolean): VNode {
  const stretchy = String(isStretched);
  return element("mrow", h("mo", { stretchy }, open), inner, h("mo", { stretchy }, close));
}

/** Whether brackets around it grow with it. */
function isTall(formula: Formula): boolean {
  switch (formula.kind) {
    case "negative":
      return isTall(formula.of);
    case "binary":
      return formula.operator === "/" || formula.operands.some(isTall);
    case "call":
      return formula.of.some(isTall);
    case "cases":
    case "sum":
      return true;
    default:
      return false;
  }
}

function partsOf(formula: Formula): ComponentChildren[] {
  switch (formula.kind) {
    case "number":
      return [numberOf(formula.text)];
    case "symbol":
      return [symbol(formula.name)];
    case "negative":
      return [operator("−"), inPlace(formula.of, SIGN)];
    case "binary":
      return binary(formula.operator, formula.operands);
    case "call":
      return call(formula.name, formula.of);
    case "element":
      return [element("msub", inPlace(formula.of, ATOM), rowOf(formula.index))];
    case "cases":
      return [cases(formula)];
    case "sum":
      return [
        element("munder", operator("∑"), sumRange(formula.over, formula.in)),
        inPlace(formula.of, 5),
      ];
  }
}

function numberOf(text: string): VNode {
  const [mantissa = "", exponent] = text.split("e");
  if (exponent === undefined) return element("mn", text);
  const power = element("msup", element("mn", "10"), element("mn", String(Number(exponent))));
  if (mantissa === "1") return power;
  return element("mrow", element("mn", mantissa), operator("×"), power);
}

/** "alpha_p" is α with p below it, and "negative_slope" is one word. */
function symbol(name: string): VNode {
  const [first = "", second] = name.split("_");
  const isIndexed = second?.length === 1;
  if (isIndexed) return element("msub", letter(first), letter(second));
  return letter(name);
}

function letter(name: string): VNode {
  return element("mi", GREEK[name] ?? name.replaceAll("_", " "));
}

function binary(sign: Operator, [left, right]: readonly [Formula, Formula]): ComponentChildren[] {
  if (sign === "/" && left.kind === "negative") {
    return [operator("−"), element("mfrac", rowOf(left.of), rowOf(right))];
  }
  if (sign === "/") return [element("mfrac", rowOf(left), rowOf(right))];
  if (sign === "**") return [element("msup", inPlace(left, ATOM), rowOf(right))];
  const strength = LOOSENESS[sign];
  // What stands on the right of a minus keeps its brackets, and so does a sum in a product.
  const rightStrength = sign === "-" || sign === "*" ? strength + 1 : strength;
  const mark = sign === "*" ? product(left, right) : (SIGNS[sign] ?? sign);
  const rightRow = right.kind === "negative" ? bracketed(right) : inPlace(right, rightStrength);
  return [inPlace(left, strength), operator(mark), rightRow];
}

/** Nothing is seen between 2 and x, and a dot where nothing could be misread. */
function product(left: Formula, right: Formula): string {
  const isWord = (formula: Formula): boolean =>
    formula.kind === "symbol" &&
    !/^(\w|alpha|beta|lambd|mu|omega|pi|sigma|tau|theta)(_\w)?$/.test(formula.name);
  const startsWithNumber = right.kind === "number";
  return isWord(left) || isWord(right) || startsWithNumber ? "·" : "\u2062";
}

function call(name: string, of: readonly Formula[]): ComponentChildren[] {
  const [only] = of;
  if (only !== undefined && of.length === 1) {
    if (name === "exp") return [element("msup", element("mi", "e"), rowOf(only))];
    if (name === "sqrt") return [element("msqrt", rowOf(only))];
    if (name === "Abs") return [bracketed(only, "|", "|")];
  }
  const list = of.flatMap((each, i) => (i === 0 ? [rowOf(each)] : [operator(","), rowOf(each)]));
  const word = element("mi", { Max: "max", Min: "min" }[name] ?? name.replaceAll("_", " "));
  return [word, operator("\u2061"), between("(", element("mrow", ...list), ")", of.some(isTall))];
}

function cases(formula: Formula & { kind: "cases" }): VNode {
  const row = (value: Formula, ...condition: ComponentChildren[]): VNode =>
    element("mtr", element("mtd", rowOf(value)), element("mtd", ...condition));
  const rows = formula.cases.map(({ value, condition }) =>
    row(value, element("mtext", "if\u00a0"), rowOf(condition)),
  );
  if (formula.otherwise !== undefined) {
    rows.push(row(formula.otherwise, element("mtext", "otherwise")));
  }
  return element("mrow", h("mo", { stretchy: "true" }, "{"), element("mtable", ...rows));
}

function sumRange(over: string, within: Formula): VNode {
  return element("mrow", element("mi", over), operator("∈"), rowOf(within));
}
