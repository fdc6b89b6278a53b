/** Numbers, and lists of them in one another, as people write them by hand. */

/** A number, or a list of numbers, or a list of such lists, all of one length: a tensor of float64. */
export type Numbers = number | readonly Numbers[];

/** The same of booleans: a mask. */
export type Booleans = boolean | readonly Booleans[];

/** What a nested list holds: its elements in row-major order, and the length of each dimension. */
export interface Flat {
  readonly shape: readonly number[];
  readonly elements: readonly (number | boolean)[];
}

/**
 * Flattens `list`, of numbers alone or of booleans alone.
 *
 * @throws {TypeError} where an element is neither, or they are mixed.
 * @throws {RangeError} where lists side by side differ in length.
 */
export function flatten(list: unknown, field: string): Flat {
  const shape: number[] = [];
  for (let part = list; Array.isArray(part); part = part[0]) shape.push(part.length);
  const elements: (number | boolean)[] = [];
  collect(list, shape, 0, elements, field);
  const kind = typeof elements[0];
  const other = elements.find((element) => typeof element !== kind);
  if (other !== undefined) {
    throw new TypeError(`${field}: a list has numbers or booleans, not both (${String(other)})`);
  }
  return { shape, elements };
}

function collect(
  part: unknown,
  shape: readonly number[],
  depth: number,
  elements: (number | boolean)[],
  field: string,
): void {
  const length = shape[depth];
  if (length === undefined) {
    if (typeof part !== "number" && typeof part !== "boolean") {
      throw new TypeError(
        `${field}: a list has numbers or booleans; one element is ${kindOf(part)}`,
      );
    }
    elements.push(part);
    return;
  }
  if (!Array.isArray(part) || part.length !== length) {
    const given = Array.isArray(part) ? `one of ${part.length} elements` : kindOf(part);
    throw new RangeError(`${field}: lists of ${length} elements stand beside ${given}`);
  }
  for (const next of part) collect(next, shape, depth + 1, elements, field);
}

/** What a value is, for the text of an error: `null`, `a string`, `an Int32Array`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  const name =
    typeof value === "object"
      ? ((value.constructor as { name?: string } | undefined)?.name ?? "object")
      : typeof value;
  return `${/^[AEIO]/i.test(name) ? "an" : "a"} ${name}`;
}
