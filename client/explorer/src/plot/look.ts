/** Colours, which are those of the style sheet, and dashes. */

import type { Quantity } from "../state";
import type { Look } from "./export";

const DASHES: Record<Quantity, readonly number[]> = {
  value: [],
  gradient: [9, 5],
  second_derivative: [2, 4],
  parameter_gradient: [12, 4, 2, 4],
};

export function dashOf(quantity: Quantity): number[] {
  return [...DASHES[quantity]];
}

/** How many curves have a colour of their own. */
export const COLOURS = 6;

export function readLook(): Look {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    colours: Array.from({ length: COLOURS }, (_, i) => read(`--curve-${i}`)),
    text: read("--text"),
    grid: read("--grid"),
    background: read("--surface"),
  };
}
