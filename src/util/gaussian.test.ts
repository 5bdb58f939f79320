// Agreement with SciPy is in test/golden-kernels.test.ts.

import { expect, test } from "vitest";
import { gaussian } from "./gaussian.ts";

test("a dot spreads evenly and keeps its sum", () => {
  const data = new Float32Array(21 * 21);
  data[10 * 21 + 10] = 1;
  const smooth = gaussian({ width: 21, height: 21, data }, 1).data;
  expect(smooth.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
  expect(smooth[10 * 21 + 10]).toBeCloseTo(1 / (2 * Math.PI), 3);
  expect(smooth[10 * 21 + 12]).toBeCloseTo(Math.exp(-2) / (2 * Math.PI), 3);
  expect(smooth[12 * 21 + 10]).toBe(smooth[10 * 21 + 12]);
  expect(smooth[10 * 21 + 15]).toBe(0);
});

test("edges are mirrored, so a constant map stays constant, in any shape", () => {
  const smooth = gaussian({ width: 5, height: 2, data: new Float32Array(10).fill(3) }, 4);
  expect(smooth).toMatchObject({ width: 5, height: 2 });
  for (const value of smooth.data) expect(value).toBeCloseTo(3, 6);
});

test("columns are not mistaken for rows", () => {
  const { data } = gaussian({ width: 3, height: 2, data: Float32Array.of(0, 0, 0, 9, 9, 9) }, 0.5);
  expect(data[0]).toBe(data[2]);
  expect(data[0]).toBeLessThan(data[3]);
});

test("sigma 0 copies", () => {
  const data = Float32Array.of(1, 2);
  const copy = gaussian({ width: 2, height: 1, data }, 0);
  expect(copy.data).toEqual(data);
  expect(copy.data).not.toBe(data);
});
