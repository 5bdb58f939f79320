import { describe, expect, test } from "vitest";
import { mapMaximum, mapMedian, quantile } from "./map-statistics.ts";

function row(...values: number[]) {
  return { width: values.length, height: 1, data: Float32Array.from(values) };
}

test("the maximum and its first place", () => {
  expect(mapMaximum(row(1, 7, 3, 7))).toEqual({ value: 7, index: 1 });
});

describe("the median", () => {
  test("of an odd number is the middle one", () => {
    expect(mapMedian(row(9, -4, 2))).toBe(2);
  });

  test("of an even number is between the two in the middle", () => {
    expect(mapMedian(row(8, 1, 2, 4))).toBe(3);
  });

  test("of negative, tiny and equal values", () => {
    expect(mapMedian(row(-3, -1, -2))).toBe(-2);
    expect(mapMedian(row(1e-40, -1e-40, 0))).toBe(0);
    expect(mapMedian(row(5, 5, 5, 5))).toBe(5);
  });

  test("is that of the sorted values", () => {
    const values = Array.from({ length: 4097 }, (_, i) => Math.fround(Math.sin(i * i) * 10 ** (i % 7)));
    expect(mapMedian(row(...values))).toBe(values.toSorted((a, b) => a - b)[2048]);
  });

  test("of a part of a larger buffer is of that part", () => {
    const data = Float32Array.of(100, 1, 2, 3, 100).subarray(1, 4);
    expect(mapMedian({ width: 3, height: 1, data })).toBe(2);
  });
});

test("a quantile lies between its neighbours as that of numpy", () => {
  expect(quantile(Float32Array.of(4, 1, 2, 3), 0.25)).toBe(1.75);
  expect(quantile(Float32Array.of(4, 1, 2), 1)).toBe(4);
  expect(quantile(Float32Array.of(5), 0.99)).toBe(5);
});
