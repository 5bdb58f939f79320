import { expect, test } from "vitest";
import { createRandom } from "../util/prng.ts";
import { coverage, drawOutline, drawSoftness } from "./outline.ts";

const frame = { width: 200, height: 150 };
const areaOf = (depth: Float32Array) => depth.filter((value) => value > 0).length;

test("an outline has about the area asked for and is deepest near its centre", () => {
  const areas = Array.from({ length: 40 }, (_, seed) =>
    areaOf(drawOutline(createRandom(seed), 800, { x: 100, y: 75 }, frame).depth),
  );
  const mean = areas.reduce((sum, area) => sum + area, 0) / 40;
  expect(mean).toBeGreaterThan(650);
  expect(mean).toBeLessThan(950);
  expect(new Set(areas).size).toBeGreaterThan(20);
});

test("what lies outside the image is cut off", () => {
  const outline = drawOutline(createRandom(1), 800, { x: 0, y: 149 }, frame);
  expect(outline).toMatchObject({ x0: 0, x: 0, y: 149 });
  expect(outline.y0 + outline.height).toBe(150);
  expect(outline.depth.length).toBe(outline.width * outline.height);
});

test("coverage goes from 0 to 1 across the edge", () => {
  expect([-2, -1, 0, 1, 2].map((depth) => coverage(depth, 2))).toEqual([0, 0.15625, 0.5, 0.84375, 1]);
});

test("edges are 0.7 to 4 pixels soft, those of small lesions less than their radius", () => {
  const random = createRandom(4);
  for (let i = 0; i < 100; i++) {
    const large = drawSoftness(random, 30);
    expect(large >= 0.7 && large <= 4).toBe(true);
    expect(drawSoftness(random, 3)).toBeLessThanOrEqual(1.5);
  }
});
