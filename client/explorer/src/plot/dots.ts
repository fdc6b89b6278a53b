/** Kinks and jumps, as the dots by which they are drawn. */

export interface Dot {
  readonly x: number;
  readonly y: number;
  /** Open where the line ends and the function has another value. */
  readonly isOpen: boolean;
  /** Whether the line has a gap here; otherwise it has a kink. */
  readonly isJump: boolean;
}

// Between doubles next to each other a line is no jump, however steep it is: it moves by a little of
// its own size, or of the input's where it goes through 0. Next to 0 there are the smallest doubles.
const TOLERANCE = 1e-9;
const NOTHING = 1e-200;

/**
 * `limits` are the line's values below, at and above each of `breaks`; `next` are those of its
 * derivative, by which a kink is known.
 */
export function dotsOf(
  breaks: readonly number[],
  limits: Float64Array,
  next: Float64Array | undefined,
): Dot[] {
  return breaks.flatMap((x, i) => {
    const [below, at, above] = around(limits, i);
    const isSame = (a: number, b: number): boolean => isNear(a, b, Math.abs(x));
    if (isSame(below, above) && isSame(below, at)) {
      const [before, , after] = next === undefined ? [0, 0, 0] : around(next, i);
      return isSame(before, after) ? [] : [{ x, y: at, isOpen: false, isJump: false }];
    }
    const dots = [below, above].map((y) => ({ x, y, isOpen: !isSame(y, at), isJump: true }));
    if (dots.every((dot) => dot.isOpen)) dots.push({ x, y: at, isOpen: false, isJump: true });
    return dots.filter((dot) => Number.isFinite(dot.y));
  });
}

function around(numbers: Float64Array, i: number): readonly [number, number, number] {
  return [numbers[3 * i] ?? NaN, numbers[3 * i + 1] ?? NaN, numbers[3 * i + 2] ?? NaN];
}

function isNear(a: number, b: number, size: number): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  if (!Number.isFinite(a - b)) return false;
  return Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b), size) + NOTHING;
}
