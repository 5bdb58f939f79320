import { expect, test } from "vitest";
import { createRandom } from "../util/prng.ts";
import { direction, octaves } from "./draw.ts";

test("octaves are equally likely, and the last one ends at the most", () => {
  const random = createRandom(1);
  const drawn = Array.from({ length: 4000 }, () => octaves(random, 20, 5000));
  const share = (low: number, high: number) => drawn.filter((x) => x >= low && x < high).length / 4000;
  expect(share(20, 40)).toBeCloseTo(1 / 8, 1);
  expect(share(640, 1280)).toBeCloseTo(1 / 8, 1);
  expect(share(2560, 5001)).toBeCloseTo(1 / 8, 1);
  expect(share(20, 5001)).toBe(1);
});

test("a range within one octave is kept too", () => {
  const random = createRandom(2);
  for (let i = 0; i < 50; i++) {
    const value = octaves(random, 100, 120);
    expect(value >= 100 && value < 120).toBe(true);
  }
});

test("directions have length 1 and go all ways", () => {
  const random = createRandom(3);
  const drawn = Array.from({ length: 200 }, () => direction(random));
  for (const { x, y } of drawn) expect(x * x + y * y).toBeCloseTo(1, 9);
  const quadrants = new Set(drawn.map(({ x, y }) => `${x > 0} ${y > 0}`));
  expect(quadrants.size).toBe(4);
});
