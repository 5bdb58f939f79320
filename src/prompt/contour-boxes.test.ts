// Agreement with OpenCV is in test/golden-kernels.test.ts.

import { expect, test } from "vitest";
import type { ScalarMap } from "../types.ts";
import { contourBoxes } from "./contour-boxes.ts";

function map(...rows: number[][]): ScalarMap {
  return { width: rows[0].length, height: rows.length, data: Float32Array.from(rows.flat()) };
}

test("one prompt set per component above the middle of the range", () => {
  const sets = contourBoxes(map([2, 9, 9, 2], [2, 2, 9, 2], [2, 2, 2, 2], [10, 2, 2, 6]), 4);
  expect(sets.map(({ label, prompts, output }) => ({ label, prompts, output }))).toEqual([
    { label: "contour 1", prompts: [{ kind: "box", box: { x0: 1, y0: 0, x1: 2, y1: 1 } }], output: "single" },
    { label: "contour 2", prompts: [{ kind: "box", box: { x0: 0, y0: 3, x1: 0, y1: 3 } }], output: "single" },
  ]);
});

test("pixels that touch at a corner are one component", () => {
  expect(contourBoxes(map([1, 0], [0, 1]), 2)).toHaveLength(1);
});

test("a component inside a hole has no box of its own, one in a bay has", () => {
  const ring = [
    [0, 0, 0, 0, 0, 0, 0],
    [0, 1, 1, 1, 1, 1, 0],
    [0, 1, 0, 0, 0, 1, 0],
    [0, 1, 0, 1, 0, 1, 0],
    [0, 1, 0, 0, 0, 1, 0],
    [0, 1, 1, 1, 1, 1, 0],
    [0, 0, 0, 0, 0, 0, 0],
  ];
  expect(contourBoxes(map(...ring), 7)).toHaveLength(1);
  const bay = ring.map((row, y) => (y >= 4 ? row.with(3, 0) : row));
  expect(contourBoxes(map(...bay), 7)).toHaveLength(2);
});

test("the map is the mask prompt: logits from -10 to 10, 0 at the contour, shared by the sets", () => {
  const sets = contourBoxes(map([0, 4, 1], [0, 0, 0], [4, 3, 2]), 3);
  expect([...(sets[0].maskInput?.data ?? [])]).toEqual([-10, 10, -5, -10, -10, -10, 10, 5, 0]);
  expect(sets).toHaveLength(2);
  expect(sets[1].maskInput).toBe(sets[0].maskInput);
});

test("the mask prompt is brought to the decoder's side", () => {
  const [set] = contourBoxes(map([0, 4], [0, 4]), 4);
  expect(set.maskInput).toMatchObject({ width: 4, height: 4 });
  expect([...(set.maskInput?.data.subarray(0, 4) ?? [])]).toEqual([-10, -5, 5, 10]);
});

test("a constant map has no contour", () => {
  expect(contourBoxes(map([3, 3], [3, 3]), 2)).toEqual([]);
});
