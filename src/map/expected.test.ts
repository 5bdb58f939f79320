import { describe, expect, test } from "vitest";
import { beyondExpected, expectedDistances, type NormalImage, nearestNormals } from "./expected.ts";

function normal(signature: number[], distances: number[] = []): NormalImage {
  return { signature: Float32Array.from(signature), distances: Float32Array.from(distances) };
}

describe("nearestNormals", () => {
  const normals = [normal([9, 0]), normal([1, 0]), normal([0, 2]), normal([0, 1])];

  test("the nearest signatures first, of equals the first", () => {
    expect(nearestNormals(Float32Array.of(0, 0), normals, 3)).toEqual([normals[1], normals[3], normals[2]]);
  });

  test("all of them where there are no more", () => {
    expect(nearestNormals(Float32Array.of(0, 0), normals, 20)).toHaveLength(4);
  });
});

test("expectedDistances: mean and standard deviation of each patch", () => {
  const { mean, std } = expectedDistances([normal([], [1, 4]), normal([], [3, 4])]);
  expect([...mean]).toEqual([2, 4]);
  expect([...std]).toEqual([1, 0]);
});

describe("beyondExpected", () => {
  const distances = Float32Array.of(6, 6, 1);

  test("half of what is expected, and all of what is beyond where normal images agree", () => {
    const expected = { mean: Float32Array.of(2, 6, 4), std: new Float32Array(3) };
    expect([...beyondExpected(distances, expected, 1)]).toEqual([4 + 1, 3, 0.5]);
  });

  test("half of what is beyond where they differ as much as patches do", () => {
    const expected = { mean: Float32Array.of(2, 2, 2), std: Float32Array.of(3, 9, 3) };
    expect([...beyondExpected(distances, expected, 3)]).toEqual([2 + 1, 1 + 1, 0.5]);
  });

  test("keeps the order of patches of which the same is expected", () => {
    const expected = { mean: new Float32Array(3).fill(2), std: new Float32Array(3).fill(1) };
    const [a, b, c] = beyondExpected(Float32Array.of(1, 2.5, 7), expected, 2);
    expect(a < b && b < c).toBe(true);
  });
});
