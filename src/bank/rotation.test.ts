import { expect, test } from "vitest";
import { createNodeRuntime } from "../io/node-runtime.ts";
import { createRotation, rotationMatrix } from "./rotation.ts";

test.each([1, 2, 3, 320])("a matrix of %i columns is orthonormal", (dims) => {
  const matrix = rotationMatrix(dims);
  const product = (a: number, b: number) => {
    let sum = 0;
    for (let d = 0; d < dims; d++) sum += matrix[d * dims + a] * matrix[d * dims + b];
    return sum;
  };
  for (const [a, b] of [
    [0, 0],
    [0, dims - 1],
    [dims >> 1, dims - 1],
    [dims - 1, dims - 1],
  ]) {
    expect(product(a, b)).toBeCloseTo(a === b ? 1 : 0, 5);
  }
});

test("distances to the mean stay, and what one value held is spread over all", async () => {
  const mean = Float32Array.from({ length: 64 }, (_, d) => d);
  const rotation = await createRotation(createNodeRuntime({ threads: 1 }), mean);
  const single = mean.slice();
  single[5] += 8;
  const rotated = await rotation.apply(single);
  await rotation.release();
  expect(rotated.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(64, 3);
  expect(rotated.every((value) => Math.abs(value) < 1.5)).toBe(true);
});

test("a flat vector does not stay on one cosine: signs are mixed", () => {
  const dims = 320;
  const matrix = rotationMatrix(dims);
  const flat = Array.from({ length: dims }, (_, k) => {
    let sum = 0;
    for (let d = 0; d < dims; d++) sum += matrix[d * dims + k];
    return Math.abs(sum);
  });
  expect(Math.max(...flat)).toBeLessThan(5);
});
