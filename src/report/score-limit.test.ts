import { expect, test } from "vitest";
import { conformalPValue } from "../util/conformal.ts";
import { scoreLimit } from "./score-limit.ts";

const nineteen = Array.from({ length: 19 }, (_, i) => i + 1);

test("is the score above which the p-value is at most alpha", () => {
  for (const alpha of [0.05, 0.1, 0.15, 0.5]) {
    const limit = scoreLimit(nineteen, alpha) ?? Number.NaN;
    expect(conformalPValue(limit + 0.001, nineteen)).toBeLessThanOrEqual(alpha);
    expect(conformalPValue(limit, nineteen)).toBeGreaterThan(alpha);
  }
  expect(scoreLimit(nineteen, 0.05)).toBe(19);
  expect(scoreLimit(nineteen, 0.15)).toBe(17);
});

test("is not thrown off by the rounding of alpha times n", () => {
  const ninetyNine = Array.from({ length: 99 }, (_, i) => i + 1);
  expect(scoreLimit(ninetyNine, 0.29)).toBe(71); // 0.29 * 100 = 28.999999999999996
});

test("is minus infinity when every image is abnormal", () => {
  expect(scoreLimit(nineteen, 1)).toBe(Number.NEGATIVE_INFINITY);
  expect(scoreLimit([], 1)).toBe(Number.NEGATIVE_INFINITY);
});

test("is undefined when too few images were held out", () => {
  expect(scoreLimit(nineteen, 0.04)).toBeUndefined();
  expect(scoreLimit(nineteen, 0)).toBeUndefined();
  expect(scoreLimit([], 0.05)).toBeUndefined();
});
