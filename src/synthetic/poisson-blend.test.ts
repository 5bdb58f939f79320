import { expect, test } from "vitest";
import { poissonBlend } from "./poisson-blend.ts";

// 5 x 5, the region is the inner 3 x 3.
const region = Uint8Array.from([0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
const part = new Uint8Array(25).fill(1);
const ramp = Float32Array.from({ length: 25 }, (_, i) => 10 * (i % 5));
const problem = { width: 5, height: 5, region, part, mixed: false };

test("a flat source leaves a membrane between the border's values: of a ramp, the ramp", () => {
  const source = new Float32Array(25).fill(7);
  const target = ramp.map((value, i) => (region[i] === 1 ? 99 : value));
  poissonBlend({ ...problem, target, source }).forEach((value, i) => {
    expect(value).toBeCloseTo(ramp[i], 2);
  });
});

test("a source that differs by a constant changes nothing", () => {
  const source = ramp.map((value) => value + 50);
  poissonBlend({ ...problem, target: ramp, source }).forEach((value, i) => {
    expect(value).toBeCloseTo(ramp[i], 2);
  });
});

test("a spike of the source comes along, on the target's level", () => {
  const source = new Float32Array(25);
  source[12] = 8;
  const blended = poissonBlend({ ...problem, target: new Float32Array(25).fill(100), source });
  expect(blended[12]).toBeCloseTo(108, 2);
  expect(blended[11]).toBeCloseTo(100, 2);
});

test("mixed gradients keep a stronger edge of the target", () => {
  const target = new Float32Array(25).fill(100);
  target[12] = 140;
  const source = new Float32Array(25);
  expect(poissonBlend({ ...problem, mixed: true, target, source })[12]).toBeCloseTo(140, 2);
  expect(poissonBlend({ ...problem, target, source })[12]).toBeCloseTo(100, 2);
});

test("neighbours that take no part do not pull", () => {
  // Air of 0 to the left of the body: without it the result stays at the body's 100.
  const target = Float32Array.from({ length: 25 }, (_, i) => (i % 5 === 0 ? 0 : 100));
  const source = new Float32Array(25);
  const body = target.map((value) => value / 100);
  const blended = poissonBlend({ ...problem, part: Uint8Array.from(body), target, source });
  expect(blended[11]).toBeCloseTo(100, 2);
  expect(poissonBlend({ ...problem, target, source })[11]).toBeLessThan(90);
});
