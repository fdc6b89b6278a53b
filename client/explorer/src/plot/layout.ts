/** What is drawn of a picture: lines with gaps where they jump, for the screen and for SVG. */

import type { Line, Picture } from "./evaluate";

/** The rows of uPlot's data: x, then y of each line; null is a gap. */
export type Rows = [number[], ...(number | null)[][]];

export interface Layout {
  readonly rows: Rows;
  /** Of each x the index of the input that it stands for, or is next to. */
  readonly indices: readonly number[];
}

/**
 * A line that jumps has a gap there, and ends at its dots: so inputs that are not on the grid are
 * put between, three for each place, of which the middle one is the gap.
 */
export function layOut(picture: Picture): Layout {
  const jumps = [...new Set(picture.lines.flatMap(jumpsOf))].sort((a, b) => a - b);
  const xs: number[] = [];
  const sources: number[] = []; // an index of the grid, or below 0 that of a jump
  let next = 0;
  picture.xs.forEach((x, i) => {
    for (; next < jumps.length && (jumps[next] ?? Infinity) <= x; ++next) {
      const at = jumps[next] ?? 0;
      for (let k = 0; k < 3; ++k) {
        xs.push(at);
        sources.push(-1 - (3 * next + k));
      }
    }
    if (xs.at(-1) === x) return; // a jump is just here
    xs.push(x);
    sources.push(i);
  });
  const columns = picture.lines.map((line) => columnOf(line, sources, jumps));
  return {
    rows: [xs, ...columns],
    indices: sources.map((source, i) => (source >= 0 ? source : nearest(sources, i))),
  };
}

function jumpsOf(line: Line): number[] {
  return line.dots.filter((dot) => dot.isJump).map((dot) => dot.x);
}

function columnOf(
  line: Line,
  sources: readonly number[],
  jumps: readonly number[],
): (number | null)[] {
  return sources.map((source, i) => {
    if (source >= 0) return finite(line.ys[source]);
    const [jump, k] = [Math.floor((-1 - source) / 3), (-1 - source) % 3];
    const ends = line.dots.filter((dot) => dot.isJump && dot.x === jumps[jump]);
    // Of a line that goes on here, the neighbour on the grid will do.
    if (ends.length === 0) return finite(line.ys[nearest(sources, i)]);
    if (k === 1 || ends.length < 2) return null;
    return ends[k === 0 ? 0 : 1]?.y ?? null;
  });
}

function nearest(sources: readonly number[], i: number): number {
  for (let step = 1; step < sources.length; ++step) {
    for (const source of [sources[i - step], sources[i + step]]) {
      if (source !== undefined && source >= 0) return source;
    }
  }
  return 0;
}

function finite(y: number | undefined): number | null {
  return y !== undefined && Number.isFinite(y) ? y : null;
}

/** The lowest and highest y, with a margin; [-1, 1] where there is none. */
export function extent(picture: Picture): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  const take = (y: number): void => {
    if (!Number.isFinite(y)) return;
    low = Math.min(low, y);
    high = Math.max(high, y);
  };
  for (const line of picture.lines) {
    line.ys.forEach(take);
    for (const dot of line.dots) take(dot.y);
  }
  if (low > high) return [-1, 1];
  const margin = (high - low) * 0.06 || Math.abs(high) * 0.1 || 1;
  return [low - margin, high + margin];
}
