import { expect, test } from "vitest";
import { upsample } from "./upsample.ts";

test("two values become four with half-pixel centres", () => {
  const map = upsample({ width: 2, height: 1, data: Float32Array.of(0, 4) }, 4);
  expect(map).toMatchObject({ width: 4, height: 4 });
  expect([...map.data.subarray(0, 4)]).toEqual([0, 1, 3, 4]);
  expect([...map.data.subarray(12)]).toEqual([0, 1, 3, 4]);
});
