import { expect, test } from "vitest";
import { createNoiseField } from "./gradient-noise.ts";
import { createRandom } from "./prng.ts";

const field = createNoiseField(createRandom(1));

test("is zero at whole points, smooth between them, and repeats every 32 units", () => {
  expect(field(3, 5)).toBeCloseTo(0, 12);
  expect(field(3.3, 5.6)).not.toBe(0);
  expect(Math.abs(field(3.3, 5.6) - field(3.3001, 5.6))).toBeLessThan(0.001);
  expect(field(-28.7, 37.6)).toBeCloseTo(field(3.3, 5.6), 9);
});

test("has mean 0 and stays mostly within -1 .. 1", () => {
  const values = Array.from({ length: 10_000 }, (_, i) =>
    field(0.137 * (i % 100), 0.171 * Math.floor(i / 100)),
  );
  expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length)).toBeLessThan(0.05);
  expect(values.filter((value) => Math.abs(value) > 1).length).toBe(0);
  expect(Math.max(...values)).toBeGreaterThan(0.5);
});
