import { expect, test } from "vitest";

import { histogram, parseMetrics, quantile, totals, valueOf } from "../../src/metrics";
import { amount, duration } from "../../src/sections/server";

const TEXT = `# HELP a_total what "a" is
# TYPE a_total counter
a_total{code="OK",name="x\\"y\\\\z"} 3
a_total{code="OK",name="other"} 4
a_total{code="INTERNAL"} 1
a_total{code="NEVER"} 0
b 1.5e+09
s_bucket{m="E",le="0.001"} 1
s_bucket{m="E",le="0.01"} 4
s_bucket{m="E",le="+Inf"} 4
s_bucket{m="L",le="0.001"} 9
`;

test("samples, labels and numbers", () => {
  const samples = parseMetrics(TEXT);
  expect(samples.get("a_total")?.[0]).toEqual({ labels: { code: "OK", name: 'x"y\\z' }, value: 3 });
  expect(valueOf(samples, "b")).toBe(1.5e9);
  expect(valueOf(samples, "c")).toBeUndefined();
  expect(totals(samples, "a_total", "code")).toEqual([
    ["OK", 7],
    ["INTERNAL", 1],
  ]);
});

test("a histogram has each bucket's own count", () => {
  const buckets = histogram(parseMetrics(TEXT), "s", { m: "E" });
  expect(buckets).toEqual([
    { to: 0.001, count: 1 },
    { to: 0.01, count: 3 },
    { to: Infinity, count: 0 },
  ]);
  expect(quantile(buckets, 0.25)).toBe(0.001);
  expect(quantile(buckets, 0.5)).toBe(0.01);
  expect(quantile([], 0.5)).toBeUndefined();
});

test("amounts and durations", () => {
  expect(amount("maxMessageBytes", 2 ** 28)).toBe("256 MiB");
  expect(amount("max_calls", 4096)).toBe("4,096");
  expect([0.0003, 0.012, 2, Infinity].map(duration)).toEqual(["300 µs", "12 ms", "2 s", "more"]);
});
