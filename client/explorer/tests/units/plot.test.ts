import { expect, test } from "vitest";

import { dotsOf } from "../../src/plot/dots";
import type { Line, Picture } from "../../src/plot/evaluate";
import { spread } from "../../src/plot/evaluate";
import { ticks, toCsv, toSvg } from "../../src/plot/export";
import { extent, layOut } from "../../src/plot/layout";
import { pan, zoom } from "../../src/plot/view";

const LOOK = { colours: ["red"], text: "black", grid: "grey", background: "white" };

function lineOf(ys: number[], dots: Line["dots"] = []): Line {
  const line = {
    curve: 0,
    quantity: "value",
    parameter: "",
    label: "f<1>",
    hasBits: true,
  } as const;
  return { ...line, ys: Float64Array.from(ys), dots };
}

function pictureOf(...lines: Line[]): Picture {
  const xs = Float64Array.of(-1, 0, 1);
  return { type: "float32", xs, inputs: xs, lines };
}

test("a jump has an end on either side, closed where the value is", () => {
  const [left, right] = dotsOf([0], Float64Array.of(0, 0, 1), undefined);
  expect(left).toEqual({ x: 0, y: 0, isOpen: false, isJump: true });
  expect(right).toEqual({ x: 0, y: 1, isOpen: true, isJump: true });
});

test("a value of its own is a third dot", () => {
  const dots = dotsOf([2], Float64Array.of(-1, 0, 1), undefined);
  expect(dots.map(({ y, isOpen }) => [y, isOpen])).toEqual([
    [-1, true],
    [1, true],
    [0, false],
  ]);
});

test("a kink is where the derivative jumps, and a smooth line has no dot", () => {
  const flat = Float64Array.of(-5e-324, 0, 5e-324);
  expect(dotsOf([0], flat, Float64Array.of(0, 0, 1))).toEqual([
    { x: 0, y: 0, isOpen: false, isJump: false },
  ]);
  expect(dotsOf([0], flat, Float64Array.of(1, 1, 1))).toEqual([]);
  // At 0.5 a line through 0 moves by 1e-16 from one double to the next.
  expect(dotsOf([0.5], Float64Array.of(0, 0, 1.1e-16), Float64Array.of(1, 1, 1))).toEqual([]);
});

test("infinite ends have no dot", () => {
  const dots = dotsOf([1], Float64Array.of(-Infinity, 0, 1), undefined);
  expect(dots.map(({ y }) => y)).toEqual([1, 0]);
});

test("a line that jumps has a gap there, and others go on", () => {
  const dots = dotsOf([0], Float64Array.of(2, 2, 5), undefined);
  const { rows, indices } = layOut(pictureOf(lineOf([2, 2, 5], dots), lineOf([7, 8, 9])));
  expect(rows).toEqual([
    [-1, 0, 0, 0, 1],
    [2, 2, null, 5, 5],
    [7, 7, 7, 9, 9],
  ]);
  expect(indices).toEqual([0, 0, 0, 2, 2]);
});

test("what is not finite is a gap", () => {
  expect(layOut(pictureOf(lineOf([NaN, 1, Infinity]))).rows[1]).toEqual([null, 1, null]);
});

test("the view fits what is finite", () => {
  expect(extent(pictureOf(lineOf([0, 1, Infinity])))).toEqual([-0.06, 1.06]);
  expect(extent(pictureOf(lineOf([2, 2, 2])))).toEqual([1.8, 2.2]);
  expect(extent(pictureOf())).toEqual([-1, 1]);
});

test("zoom keeps what is under the pointer, and stops where doubles end", () => {
  expect(zoom([0, 4], 0.5, 0.25)).toEqual([0.5, 2.5]);
  expect(pan([0, 4], 0.25)).toEqual([1, 5]);
  let view: readonly [number, number] = [1, 2];
  for (let i = 0; i < 200; ++i) view = zoom(view, 0.5, 0.5);
  expect(view[1]).toBeGreaterThan(view[0]);
  for (let i = 0; i < 200; ++i) view = zoom(view, 4, 0.5);
  expect(view[1]).toBeLessThan(1e13);
});

test("the inputs have both ends and the middle", () => {
  expect([...spread([-3, 3], 5)]).toEqual([-3, -1.5, 0, 1.5, 3]);
});

test("ticks are round", () => {
  expect(ticks([-3, 3])).toEqual([-3, -2, -1, 0, 1, 2, 3]);
  expect(ticks([0, 0.9])).toHaveLength(5);
});

test("CSV has bits, and quotes what needs it", () => {
  const csv = toCsv(pictureOf({ ...lineOf([1, 2, 3]), label: 'a,"b"' }));
  expect(csv.split("\n")).toEqual([
    'x,x bits,"a,""b""","a,""b"" bits"',
    "-1,0xbf800000,1,0x3f800000",
    "0,0x00000000,2,0x40000000",
    "1,0x3f800000,3,0x40400000",
    "",
  ]);
});

test("SVG has a path with a gap, dots, and escaped labels", () => {
  const dots = dotsOf([0], Float64Array.of(0, 0, 1), undefined);
  const picture = pictureOf(lineOf([0, 0, 1], dots));
  const svg = toSvg(picture, layOut(picture).rows, [-1, 1], [-1, 2], LOOK);
  expect(svg.match(/<path d="M[^"]*" fill="none"/g)).toHaveLength(1);
  expect(/<path d="(M[^"]*)" fill="none"/.exec(svg)?.[1]?.split("M")).toHaveLength(3);
  expect(svg.match(/<circle/g)).toHaveLength(2);
  expect(svg).toContain('fill="white" stroke="red"');
  expect(svg).toContain("f&lt;1>");
});
