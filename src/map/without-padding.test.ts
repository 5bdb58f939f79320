import { expect, test } from "vitest";
import { BACKGROUND, BODY, PADDING } from "../geometry/regions.ts";
import { withoutPadding } from "./without-padding.ts";

test("padding is as near as the nearest patch of the image", () => {
  const distances = Float32Array.of(90, 3, 2, 7, 0.5);
  const regions = Uint8Array.of(PADDING, BACKGROUND, BODY, BODY, PADDING);
  expect([...withoutPadding(distances, regions)]).toEqual([2, 3, 2, 7, 2]);
});

test("an image without padding stays as it is", () => {
  const distances = Float32Array.of(90, 3);
  expect(withoutPadding(distances, Uint8Array.of(BODY, BACKGROUND))).toBe(distances);
});
