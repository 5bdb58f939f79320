import { expect, test } from "vitest";
import { joined } from "./joined.ts";

test("puts arrays one after another, empty ones and views too", () => {
  const view = Float32Array.of(9, 3, 4, 9).subarray(1, 3);
  const parts = [Float32Array.of(1, 2), new Float32Array(0), view];
  expect(joined(Float32Array, parts)).toEqual(Float32Array.of(1, 2, 3, 4));
  expect(joined(Uint16Array, [])).toEqual(new Uint16Array(0));
});
