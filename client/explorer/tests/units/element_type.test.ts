import { expect, test } from "vitest";

import { decode, digitsOf, encode, hexOf, neighbour, roundTo } from "../../src/element_type";

test.each([
  ["float64", 1, "0x3ff0000000000000"],
  ["float32", 0.1, "0x3dcccccd"],
  ["float16", 1, "0x3c00"],
  ["float16", 65504, "0x7bff"],
  ["float16", 65519.99, "0x7bff"],
  ["float16", 65520, "0x7c00"],
  ["float16", 2 ** -24, "0x0001"],
  ["float16", 2 ** -25, "0x0000"],
  ["float16", 2 ** -25 + 2 ** -40, "0x0001"],
  ["float16", -0, "0x8000"],
  ["float16", NaN, "0x7e00"],
  ["float16", -Infinity, "0xfc00"],
  ["float16", 1 + 2 ** -11, "0x3c00"],
  ["float16", 1 + 3 * 2 ** -11, "0x3c02"],
  ["bfloat16", 3.140625, "0x4049"],
  ["bfloat16", 3.3895313892515355e38, "0x7f7f"],
  ["bfloat16", 3.4e38, "0x7f80"],
  ["bfloat16", 1e-45, "0x0000"],
] as const)("bits of %s %d", (type, number, hex) => {
  expect(hexOf(type, number)).toBe(hex);
});

test.each(["float16", "bfloat16"] as const)("every number of %s comes back", (type) => {
  const bytes = Buffer.alloc(2 * 65536);
  for (let bits = 0; bits < 65536; ++bits) bytes.writeUInt16LE(bits, 2 * bits);
  const numbers = decode(type, bytes.toString("base64"));
  const again = Buffer.from(encode(type, numbers), "base64");
  const wrong = [...numbers].flatMap((number, bits) => {
    if (Number.isNaN(number)) return [];
    const isKept = again.readUInt16LE(2 * bits) === bits;
    const text = digitsOf(type, number);
    return isKept && (!Number.isFinite(number) || roundTo(type, Number(text)) === number)
      ? []
      : [bits];
  });
  expect(wrong).toEqual([]);
});

test("tensors are little-endian, and come back", () => {
  expect(encode("float32", [1, -2])).toBe(
    Buffer.from([0, 0, 128, 63, 0, 0, 0, 192]).toString("base64"),
  );
  const numbers = Float64Array.of(0.1, -0, Infinity, 5e-324);
  expect(decode("float64", encode("float64", numbers))).toEqual(numbers);
  const many = Float64Array.from({ length: 20_000 }, (_, i) => i);
  expect(decode("float32", encode("float32", many))).toEqual(many);
});

test("digits are as few as tell a number from its neighbours", () => {
  expect(digitsOf("float32", Math.fround(0.1))).toBe("0.1");
  expect(digitsOf("float64", 0.1)).toBe("0.1");
  expect(digitsOf("float32", Math.fround(1 / 3))).toBe("0.33333334");
  expect(digitsOf("float16", 0.333251953125)).toBe("0.3333");
  expect(["NaN", "inf", "-inf", "-0"]).toEqual(
    [NaN, Infinity, -Infinity, -0].map((number) => digitsOf("float64", number)),
  );
});

test("neighbours of doubles", () => {
  expect(neighbour(1, 1)).toBe(1 + 2 ** -52);
  expect(neighbour(1, -1)).toBe(1 - 2 ** -53);
  expect(neighbour(-1, 1)).toBe(-1 + 2 ** -53);
  expect(neighbour(0, -1)).toBe(-5e-324);
});
