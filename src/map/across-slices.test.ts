import { describe, expect, test } from "vitest";
import type { ScalarMap } from "../types.ts";
import { acrossSlices, sliceWeights } from "./across-slices.ts";

function grid(...values: number[]): ScalarMap {
  return { width: values.length, height: 1, data: Float32Array.from(values) };
}

describe("sliceWeights", () => {
  test("fall as a Gaussian in the unit of the spacing, and end at 4 standard deviations", () => {
    const weights = sliceWeights(2, 2);
    expect(weights).toHaveLength(5);
    expect(weights[0]).toBe(1);
    expect(weights[1]).toBeCloseTo(Math.exp(-0.5), 12);
    expect(weights[4]).toBeCloseTo(Math.exp(-8), 12);
  });

  test("leave slices alone that are farther apart than the Gaussian reaches, or without one", () => {
    expect(sliceWeights(1, 5)).toEqual([1]);
    expect(sliceWeights(0, 1)).toEqual([1]);
  });
});

describe("acrossSlices", () => {
  const grids = [grid(8, 0), grid(0, 0), undefined, grid(0, 4)];

  test("is the weighted mean of the slices within reach", () => {
    expect([...(acrossSlices([grid(8), grid(2), grid(4)], 1, [2, 1])?.data ?? [])]).toEqual([4]);
  });

  test("gives the weight of slices that do not exist to those that do", () => {
    // Slice 1 has slice 0 within reach, none after it: (1 * 0 + 0.5 * 8) / 1.5.
    expect(acrossSlices(grids, 1, [1, 0.5])?.data[0]).toBeCloseTo(8 / 3, 6);
    expect(acrossSlices(grids, 3, [1, 0.5])?.data[1]).toBe(4);
  });

  test("reaches over a slice that is missing, by the true distance", () => {
    // Slice 3 has slice 1 at distance 2: (1 * 4 + 0.25 * 0) / 1.25.
    expect(acrossSlices(grids, 3, [1, 0.5, 0.25])?.data[1]).toBeCloseTo(3.2, 6);
  });

  test("is nothing for a slice that does not exist", () => {
    expect(acrossSlices(grids, 2, [1, 0.5])).toBeUndefined();
  });

  test("leaves a constant as it is", () => {
    const same = [grid(3), grid(3), grid(3)];
    for (const index of [0, 1, 2])
      expect(acrossSlices(same, index, [1, 0.7, 0.2])?.data[0]).toBeCloseTo(3, 6);
  });
});
