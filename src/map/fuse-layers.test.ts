import { expect, test } from "vitest";
import { fuseLayers } from "./fuse-layers.ts";

test("each layer is divided by its scale, then the mean is taken", () => {
  expect([...fuseLayers([Float32Array.of(2, 4), Float32Array.of(30, 0)], [2, 10])]).toEqual([2, 1]);
});

test("one layer of scale 1 stays as it is", () => {
  expect([...fuseLayers([Float32Array.of(5, 7)], [1])]).toEqual([5, 7]);
});

test.each([
  ["no scale", [Float32Array.of(1)], []],
  ["a scale of 0", [Float32Array.of(1)], [0]],
  ["layers of unequal length", [Float32Array.of(1), Float32Array.of(1, 2)], [1, 1]],
])("%s is a fault", (_, distances, scales) => {
  expect(() => fuseLayers(distances, scales)).toThrow(/internal error/);
});
