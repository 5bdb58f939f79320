import { expect, test } from "vitest";
import { filterMap } from "../util/axis-filter.ts";
import { upsampling } from "./upsample.ts";

test("two values become four with half-pixel centres, one value is repeated", () => {
  const values = { width: 2, height: 1, data: Float32Array.of(0, 4) };
  const map = filterMap(values, upsampling(2, 4), upsampling(1, 3));
  expect(map).toMatchObject({ width: 4, height: 3 });
  expect([...map.data]).toEqual([0, 1, 3, 4, 0, 1, 3, 4, 0, 1, 3, 4]);
});
