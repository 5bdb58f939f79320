// Agreement with torch is in test/golden-kernels.test.ts.

import { expect, test } from "vitest";
import { unfoldPatches } from "./unfold-patches.ts";

/** 256 channels of one pixel: a patch holds it in the middle of 5 x 5 (place 12 of 25) and zeros. */
const pixel = {
  name: "neck",
  channels: 256,
  height: 1,
  width: 1,
  data: Float32Array.from({ length: 256 }, (_, i) => i),
};

test("the four bins of a channel are the values 0-6, 6-12, 12-18 and 18-24 of its patch", () => {
  const { rows, columns, dims, data } = unfoldPatches(pixel);
  expect({ rows, columns, dims }).toEqual({ rows: 1, columns: 1, dims: 1024 });
  expect([...data.subarray(4 * 7, 4 * 7 + 4)]).toEqual([0, 1, 1, 0]);
  expect([...data.subarray(4 * 255)].map((value) => value.toFixed(4))).toEqual([
    "0.0000",
    "36.4286",
    "36.4286",
    "0.0000",
  ]);
});

test("patches are centred on every second pixel, in row-major order", () => {
  const map = { ...pixel, height: 3, width: 3, data: new Float32Array(256 * 9) };
  map.data[5] = 7; // channel 0, row 1, column 2
  const { rows, columns, data } = unfoldPatches(map);
  expect({ rows, columns }).toEqual({ rows: 2, columns: 2 });
  // In the window of patch (row, column) it is value (3 - 2 row) * 5 + 4 - 2 column: 19, 17, 9 and 7.
  const firstBins = [0, 1, 2, 3].map((patch) => [...data.subarray(patch * 1024, patch * 1024 + 4)]);
  expect(firstBins).toEqual([
    [0, 0, 0, 1],
    [0, 0, 1, 0],
    [0, 1, 0, 0],
    [0, 1, 0, 0],
  ]);
});
