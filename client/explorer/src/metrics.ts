/** Prometheus's text format, as far as this page reads it. */

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export type Samples = ReadonlyMap<string, readonly Sample[]>;

export function parseMetrics(text: string): Samples {
  const samples = new Map<string, Sample[]>();
  for (const line of text.split("\n")) {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line);
    if (match?.[1] === undefined) continue;
    const labels: Record<string, string> = {};
    for (const [, name = "", value = ""] of (match[2] ?? "").matchAll(
      /(\w+)="((?:[^"\\]|\\.)*)"/g,
    )) {
      labels[name] = value.replace(/\\(.)/g, (_, c: string) => (c === "n" ? "\n" : c));
    }
    const value = match[3] === "+Inf" ? Infinity : Number(match[3]);
    const list = samples.get(match[1]);
    if (list === undefined) samples.set(match[1], [{ labels, value }]);
    else list.push({ labels, value });
  }
  return samples;
}

/** The first one's value; undefined where there is none. */
export function valueOf(samples: Samples, name: string): number | undefined {
  return samples.get(name)?.[0]?.value;
}

/** The sum of a family by one of its labels, largest first. */
export function totals(
  samples: Samples,
  name: string,
  label: string,
): (readonly [string, number])[] {
  const sums = new Map<string, number>();
  for (const { labels, value } of samples.get(name) ?? []) {
    const key = labels[label] ?? "";
    sums.set(key, (sums.get(key) ?? 0) + value);
  }
  return [...sums].filter(([, sum]) => sum > 0).sort((a, b) => b[1] - a[1]);
}

export interface Bucket {
  /** Up to this; Infinity in the last one. */
  readonly to: number;
  readonly count: number;
}

/** A histogram with each bucket's own count; all series that have the labels are summed. */
export function histogram(
  samples: Samples,
  name: string,
  wanted: Readonly<Record<string, string>>,
): Bucket[] {
  const sums = new Map<number, number>();
  for (const { labels, value } of samples.get(`${name}_bucket`) ?? []) {
    if (Object.entries(wanted).some(([key, word]) => labels[key] !== word)) continue;
    const to = labels["le"] === "+Inf" ? Infinity : Number(labels["le"]);
    sums.set(to, (sums.get(to) ?? 0) + value);
  }
  const sorted = [...sums].sort((a, b) => a[0] - b[0]);
  return sorted.map(([to, sum], i) => ({ to, count: sum - (sorted[i - 1]?.[1] ?? 0) }));
}

/** What came between two looks; the later one where the server has started again. */
export function since(before: readonly Bucket[], now: readonly Bucket[]): Bucket[] {
  const steps = now.map(({ to, count }, i) => ({ to, count: count - (before[i]?.count ?? 0) }));
  return steps.some(({ count }) => count < 0) ? [...now] : steps;
}

/** The bound of the bucket below which `part` of all are; undefined where there are none. */
export function quantile(buckets: readonly Bucket[], part: number): number | undefined {
  const all = buckets.reduce((sum, { count }) => sum + count, 0);
  let sum = 0;
  return all === 0 ? undefined : buckets.find(({ count }) => (sum += count) >= part * all)?.to;
}
