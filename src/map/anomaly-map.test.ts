// The whole chain is compared with torch and SciPy in test/golden-paper.test.ts.

import { expect, test } from "vitest";
import { mapMaximum } from "../util/map-statistics.ts";
import { anomalyMap } from "./anomaly-map.ts";

test("a deviant patch is a peak at its place, in the unit of the distances", () => {
  const distances = new Float32Array(8 * 8).fill(1);
  distances[2 * 8 + 5] = 9; // row 2, column 5
  const map = anomalyMap(distances, { rows: 8, columns: 8, centre: 0.5, size: 64 }, 2);
  expect(map).toMatchObject({ width: 64, height: 64 });
  const { value, index } = mapMaximum(map);
  expect(value).toBeGreaterThan(5);
  expect(value).toBeLessThan(9);
  expect(Math.abs(Math.floor(index / 64) - 19.5)).toBeLessThanOrEqual(0.5);
  expect(Math.abs((index % 64) - 43.5)).toBeLessThanOrEqual(0.5);
  expect(map.data[63 * 64]).toBeCloseTo(1, 5);
});

test("without a Gaussian it is the sampled grid", () => {
  const pair = { rows: 1, columns: 2, size: 4 };
  const firstRow = (centre: number) =>
    [...anomalyMap(Float32Array.of(0, 4), { ...pair, centre }, 0).data].slice(0, 4);
  expect(firstRow(0.5)).toEqual([0, 1, 3, 4]);
  expect(firstRow(0.25), "each value at the first of the two pixels of its tile").toEqual([0, 2, 4, 4]);
});

test("distances that do not fill the grid are a fault", () => {
  expect(() => anomalyMap(new Float32Array(3), { rows: 2, columns: 2, centre: 0.5, size: 4 }, 0)).toThrow(
    /3 distances for 2 x 2/,
  );
});
