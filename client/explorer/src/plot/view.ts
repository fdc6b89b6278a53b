/** What part of the plane is seen, and how it moves. */

import type { Interval } from "../state";

export interface View {
  readonly x: Interval;
  readonly y: Interval;
}

// Doubles of an interval that is narrower than this could not be told apart on the screen.
const NARROWEST = 1e-12;
const WIDEST = 1e12;

/** The interval, `factor` times as wide; what is at `at`, from 0 to 1, stays where it is. */
export function zoom([low, high]: Interval, factor: number, at: number): Interval {
  const middle = low + (high - low) * at;
  const next = tidy(middle + (low - middle) * factor, middle + (high - middle) * factor);
  const width = next[1] - next[0];
  const size = Math.max(Math.abs(next[0]), Math.abs(next[1]));
  return width > NARROWEST * Math.max(size, NARROWEST) && size < WIDEST ? next : [low, high];
}

/** The interval, moved by a part of its width. */
export function pan([low, high]: Interval, part: number): Interval {
  const step = (high - low) * part;
  return tidy(low + step, high + step);
}

/** Ends that are good to a 100,000th of the width have fewer digits, which the address shows. */
function tidy(low: number, high: number): Interval {
  const digits = Math.min(Math.max(5 - Math.floor(Math.log10(high - low)), 0), 100);
  return [Number(low.toFixed(digits)), Number(high.toFixed(digits))];
}
