// Agreement with torch is in test/golden-kernels.test.ts.

import { expect, test } from "vitest";
import type { FeatureMap } from "../types.ts";
import { meanPatches } from "./mean-patches.ts";

/** Two channels of 3 x 3: 1 .. 9, and the same times ten. */
const feature: FeatureMap = {
  name: "tap",
  channels: 2,
  height: 3,
  width: 3,
  data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40, 50, 60, 70, 80, 90),
};

test("a window at the corner is the mean of its four pixels, channels side by side", () => {
  const { rows, columns, dims, data } = meanPatches(feature);
  expect({ rows, columns, dims }).toEqual({ rows: 2, columns: 2, dims: 2 });
  expect([...data]).toEqual([3, 30, 4, 40, 6, 60, 7, 70]);
});

test("a window in the middle is the mean of nine", () => {
  const map = {
    ...feature,
    channels: 1,
    height: 5,
    width: 5,
    data: Float32Array.from({ length: 25 }, (_, i) => i ** 2),
  };
  const nine = [6, 7, 8, 11, 12, 13, 16, 17, 18].reduce((sum, i) => sum + i ** 2, 0) / 9;
  expect(meanPatches(map).data[4]).toBeCloseTo(nine, 4);
});

test("with stride 1 there is a window for every pixel, every second of which is one of stride 2", () => {
  const dense = meanPatches(feature, 1);
  expect(dense).toMatchObject({ rows: 3, columns: 3, dims: 2 });
  const corners = [0, 2, 6, 8].flatMap((patch) => [...dense.data.subarray(2 * patch, 2 * patch + 2)]);
  expect(corners).toEqual([...meanPatches(feature).data]);
  expect([...dense.data.subarray(8, 10)], "the middle: the mean of all").toEqual([5, 50]);
});
