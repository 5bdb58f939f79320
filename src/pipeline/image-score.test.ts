import { describe, expect, test } from "vitest";
import { conformalPValue } from "../util/conformal.ts";
import { imageLevel, imageScore, normalMaximaAt, type ScoredImage } from "./image-score.ts";

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

describe("normalMaximaAt", () => {
  const calibration = { imageScores: [1, 2, 4], mapMaxima: [3, 3.5, 6] };

  test("an image's highest peak has the p-value of the image", () => {
    for (const [maximum, level] of [
      [2, 0],
      [5, 2],
      [9, 1],
      [3, -1],
    ]) {
      const score = imageScore({ ...image, maximum, level }, { score: "map-prominence" });
      const maxima = normalMaximaAt(level, calibration, { score: "map-prominence" });
      expect(conformalPValue(maximum, maxima)).toBe(conformalPValue(score, calibration.imageScores));
    }
  });

  test("are those of all normal images where the score has no level", () => {
    expect(normalMaximaAt(2, calibration, { score: "map-maximum" })).toBe(calibration.mapMaxima);
    expect(normalMaximaAt(2, calibration, { score: "patch-maximum" })).toBe(calibration.mapMaxima);
  });
});
