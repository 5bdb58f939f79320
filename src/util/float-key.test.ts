import { describe, expect, test } from "vitest";
import { isNonFinite, keyOfBits, valueOfKey } from "./float-key.ts";

const bitsOf = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0];
const keyOf = (value: number) => keyOfBits(bitsOf(value));

describe("keys of float32 values", () => {
  const ascending = [-3.4e38, -2.5, -1, -1e-40, 0, 1e-45, 1e-40, 0.5, 1, 1.0000001, 2.5, 3.4e38];

  test("rise with the value", () => {
    const keys = ascending.map(keyOf);
    expect(keys).toEqual([...keys].sort((a, b) => a - b));
    expect(new Set(keys).size).toBe(ascending.length);
  });

  test("give the value back", () => {
    for (const value of ascending) expect(valueOfKey(keyOf(value))).toBe(Math.fround(value));
  });

  test("are the same for both zeros", () => {
    expect(keyOf(-0)).toBe(keyOf(0));
  });
});

test("isNonFinite knows NaN and both infinities", () => {
  expect([Number.NaN, Infinity, -Infinity].map((value) => isNonFinite(bitsOf(value)))).toEqual([
    true,
    true,
    true,
  ]);
  expect([0, -0, 3.4e38, -3.4e38, 1e-45].some((value) => isNonFinite(bitsOf(value)))).toBe(false);
});
