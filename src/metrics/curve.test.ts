import { describe, expect, test } from "vitest";
import { areaUnder, thinned } from "./curve.ts";

describe("areaUnder", () => {
  test("is a sum of trapezoids", () => {
    expect(areaUnder({ x: [0, 1, 3], y: [0, 2, 2] })).toBe(5);
  });

  test("cuts at the limit by linear interpolation", () => {
    expect(areaUnder({ x: [0, 1], y: [0, 1] }, 0.5)).toBe(0.125);
    expect(areaUnder({ x: [0, 0.5, 1], y: [0, 1, 1] }, 0.5)).toBe(0.25);
  });

  test("a vertical step at the limit adds nothing", () => {
    expect(areaUnder({ x: [0, 0.5, 0.5, 1], y: [1, 1, 7, 7] }, 0.5)).toBe(0.5);
  });
});

describe("thinned", () => {
  test("keeps few points, both ends and the shape", () => {
    const n = 100_000;
    const x = Array.from({ length: n + 1 }, (_, i) => i / n);
    const curve = { x, y: x.map((v) => Math.min(1, 20 * v)) };
    const drawn = thinned(curve, 500);
    expect(drawn.x.length).toBeLessThanOrEqual(500);
    expect(drawn.x.length).toBeGreaterThan(400);
    expect([drawn.x[0], drawn.y[0], drawn.x.at(-1), drawn.y.at(-1)]).toEqual([0, 0, 1, 1]);
    expect(areaUnder(drawn)).toBeCloseTo(areaUnder(curve), 4);
  });

  test("leaves a short curve as it is", () => {
    expect(thinned({ x: [0, 0.2, 1], y: [0, 0.9, 1] }, 3)).toEqual({ x: [0, 0.2, 1], y: [0, 0.9, 1] });
  });
});
