import { describe, expect, test } from "vitest";
import { imageLevel, imageScore, type ScoredImage } from "./image-score.ts";

const image: ScoredImage = {
  searches: [Float32Array.of(1, 25), Float32Array.of(90, 90)],
  maximum: 7,
  level: 2,
};

describe("imageScore", () => {
  test("by each name", () => {
    expect(imageScore(image, { score: "map-prominence" })).toBe(7 - 1.5 * 2);
    expect(imageScore(image, { score: "map-maximum" })).toBe(7);
    expect(imageScore(image, { score: "patch-maximum" })).toBe(25);
  });

  test("of two images with one maximum, that whose body is nearer to the bank is more prominent", () => {
    const [near, far] = [-1, 1].map((level) => imageScore({ ...image, level }, { score: "map-prominence" }));
    expect(near).toBeGreaterThan(far);
  });
});

test("the level is the body's lower quartile in the unit of the map", () => {
  const distances = Float32Array.of(0, 3, 4, 5, 6, 7);
  const regions = Uint8Array.of(1, 2, 2, 2, 2, 2);
  expect(imageLevel(distances, regions, { mapMean: 1, mapStd: 2 })).toBe(1.5);
});
