import { expect, test } from "vitest";
import { stability } from "./stability.ts";

function logits(...values: number[]) {
  return { width: values.length, height: 1, data: Float32Array.from(values) };
}

test("a steep edge is stable, a flat one is not", () => {
  expect(stability(logits(-9, 9, 9, -9))).toBe(1);
  expect(stability(logits(-0.5, 9, 9, -9))).toBe(2 / 3);
  expect(stability(logits(-0.5, 0.5, 0.5, -0.5))).toBe(0);
});

test("levels themselves lie outside", () => {
  expect(stability(logits(-1, 1, 2))).toBe(1 / 2);
});

test("no mask has no stability", () => {
  expect(stability(logits(-5, -5))).toBe(0);
});
