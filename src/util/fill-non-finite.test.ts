import { expect, test } from "vitest";
import { fillNonFinite } from "./fill-non-finite.ts";

test("what is not finite becomes the least value, and the range is that of the others", () => {
  const data = Float32Array.of(1, Number.NaN, -2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  expect(fillNonFinite(data)).toEqual({ min: -2, max: 1, missing: 3 });
  expect(data).toEqual(Float32Array.of(1, -2, -2, -2, -2));
});

test("data without a finite value stays as it is", () => {
  const data = Float32Array.of(Number.NaN, Number.NEGATIVE_INFINITY);
  expect(fillNonFinite(data).missing).toBe(2);
  expect(data).toEqual(Float32Array.of(Number.NaN, Number.NEGATIVE_INFINITY));
});
