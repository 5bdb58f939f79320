// Agreement with NumPy is in test/golden-paper.test.ts.

import { expect, test } from "vitest";
import { centreOfGravity } from "./centre-of-gravity.ts";

test("one bright pixel on an even background is the centre", () => {
  const data = new Float32Array(5 * 4).fill(0.5);
  data[2 * 5 + 3] = 0.75;
  expect(centreOfGravity({ width: 5, height: 4, data })).toEqual({ x: 3, y: 2 });
});

test("a pixel half as bright pulls by 1 / 32", () => {
  const { x, y } = centreOfGravity({ width: 4, height: 1, data: Float32Array.of(1, 0, 0, 0.5) });
  expect(x).toBeCloseTo(3 / 33, 10);
  expect(y).toBe(0);
});

test("gain and offset of the map change nothing", () => {
  const data = Float32Array.of(0, 1, 4, 2, 8, 3);
  const point = centreOfGravity({ width: 3, height: 2, data });
  expect(centreOfGravity({ width: 3, height: 2, data: data.map((value) => 4 * value + 16) })).toEqual(point);
});

test("a constant map has its middle", () => {
  expect(centreOfGravity({ width: 4, height: 3, data: new Float32Array(12).fill(2) })).toEqual({
    x: 1.5,
    y: 1,
  });
});
