import { expect, test } from "vitest";
import { bodyLevel } from "./body-level.ts";

const distances = Float32Array.of(0, 0, 0, 2, 3, 4, 9, 9);
const regions = Uint8Array.of(0, 1, 1, 2, 2, 2, 2, 2);

test("the lower quartile of the body, whatever lies beside it", () => {
  expect(bodyLevel(distances, regions)).toBe(3);
  expect(bodyLevel(distances.with(0, 100).with(1, 100), regions)).toBe(3);
});

test("a lesion in less than three quarters of it does not move it", () => {
  expect(bodyLevel(Float32Array.of(0, 0, 0, 2, 3, 400, 900, 900), regions)).toBe(3);
});

test("of an image without a body, the lower quartile of all but the padding", () => {
  expect(bodyLevel(Float32Array.of(99, 4, 1, 2, 3, 5), Uint8Array.of(0, 1, 1, 1, 1, 1))).toBe(2);
});
