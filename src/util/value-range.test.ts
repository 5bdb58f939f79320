import { expect, test } from "vitest";
import { valueRange } from "./value-range.ts";

test("smallest and largest value", () => {
  expect(valueRange(Float32Array.of(3, -2, 7, 0))).toEqual({ min: -2, max: 7 });
});

test("of no value, the empty range", () => {
  expect(valueRange(new Float32Array())).toEqual({ min: Infinity, max: -Infinity });
});
