import { expect, test } from "vitest";
import { standardise } from "./standardise.ts";

test("values become standard deviations from the mean", () => {
  const map = { width: 3, height: 1, data: Float32Array.of(10, 14, 4) };
  expect(standardise(map, 10, 2)).toEqual({ width: 3, height: 1, data: Float32Array.of(0, 2, -3) });
});
