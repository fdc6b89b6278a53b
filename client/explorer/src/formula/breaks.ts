/** Where a formula may have a kink or a jump: where a condition on x changes, or |x| turns. */

import type { Formula } from "./parse";

export type Arguments = Readonly<Record<string, number>>;

/**
 * The places between `low` and `high`, in order. Conditions that are not linear in x are left out:
 * the only one in the catalogue is that of gelu_clipped.
 */
export function breaksOf(formula: Formula, given: Arguments, low: number, high: number): number[] {
  const places = new Set<number>();
  for (const difference of turningPoints(formula)) {
    const root = linearRoot((x) => valueOf(difference, { ...given, x }));
    if (root !== undefined && root >= low && root <= high) places.add(root === 0 ? 0 : root);
  }
  return [...places].sort((a, b) => a - b);
}

// What changes its sign at such a place.
function* turningPoints(formula: Formula): Generator<Formula> {
  switch (formula.kind) {
    case "binary":
      if (isRelation(formula.operator)) {
        yield { kind: "binary", operator: "-", operands: formula.operands };
      }
      for (const operand of formula.operands) yield* turningPoints(operand);
      return;
    case "negative":
      yield* turningPoints(formula.of);
      return;
    case "call":
      if (formula.name === "Abs" && formula.of[0] !== undefined) yield formula.of[0];
      for (const each of formula.of) yield* turningPoints(each);
      return;
    case "cases":
      for (const { value, condition } of formula.cases) {
        yield* turningPoints(condition);
        yield* turningPoints(value);
      }
      if (formula.otherwise !== undefined) yield* turningPoints(formula.otherwise);
      return;
    default:
      return;
  }
}

function isRelation(operator: string): boolean {
  return ["<", "<=", ">", ">=", "=="].includes(operator);
}

function linearRoot(f: (x: number) => number): number | undefined {
  const atZero = f(0);
  const slope = f(1) - atZero;
  const bend = Math.abs(f(3) - atZero - 3 * slope) + Math.abs(f(-2) - atZero + 2 * slope);
  if (!(bend <= 1e-12 * (Math.abs(atZero) + Math.abs(slope))) || slope === 0) return undefined;
  return -atZero / slope;
}

/** NaN where the formula has what no condition of the catalogue has. */
function valueOf(formula: Formula, symbols: Arguments): number {
  switch (formula.kind) {
    case "number":
      return Number(formula.text);
    case "symbol":
      return symbols[formula.name] ?? NaN;
    case "negative":
      return -valueOf(formula.of, symbols);
    case "binary":
      return combine(
        formula.operator,
        valueOf(formula.operands[0], symbols),
        valueOf(formula.operands[1], symbols),
      );
    default:
      return NaN;
  }
}

function combine(operator: string, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "**":
      return left ** right;
    default:
      return NaN;
  }
}
