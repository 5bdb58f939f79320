import { describe, expect, test } from "vitest";
import type { FitOptions, HeldOutDistances } from "../types.ts";
import { mapMaximum } from "../util/map-statistics.ts";
import { calibrate, standardMap } from "./calibrate.ts";
import { fusedDistances } from "./held-out.ts";

const options: FitOptions = {
  ...{ preset: "default", taps: ["low"], descriptor: "mean-3x3", rows: "all", distance: "l2" },
  ...{
    axes: "each-map",
    sigma: 0,
    brightness: "range",
    placement: "tiles",
    symmetry: "auto",
    expected: "none",
    score: "map-maximum",
    holdOut: 0.2,
    seed: 0,
  },
};

/** Distances of images with `layers` layers and 1 x 2 patches each. */
function heldOut(layers: number, ...distances: number[]): HeldOutDistances {
  const images = distances.length / layers / 2;
  const fold = new Uint32Array(images);
  const signature = new Float32Array(images);
  const regions = new Uint8Array(images * 2).fill(1);
  const data = Float32Array.from(distances);
  return { images, layers, rows: 1, columns: 2, fold, signature, regions, data };
}

describe("calibrate", () => {
  test("one layer: distances over their mean, in standard deviations of the maps' pixels", () => {
    // Mean distance 2, so the maps [2, 2] have the columns 2 2 | 0.5 0.5 | 1 1 | 0.5 0.5: mean 1, standard deviation 0.61.
    const result = calibrate(heldOut(1, 4, 1, 2, 1), 2, options);
    const std = Math.sqrt((1 + 0.25 + 0 + 0.25) / 4);
    expect(result.layerScales).toEqual([2]);
    expect(result.patchStd).toBeCloseTo(Math.sqrt((1 + 0.25 + 0 + 0.25) / 4), 12);
    expect(result.mapMean).toBe(1);
    expect(result.mapStd).toBeCloseTo(std, 12);
    expect(result.mapMaxima).toEqual([0, Math.fround(1 / std)]);
    expect(result.imageScores).toEqual(result.mapMaxima);
  });

  test("layers are scaled one by one and averaged", () => {
    // Layer 1: 1 1 and 3 3, mean 2; layer 2: 20 20 and 20 20. The maps are 0.75 and 1.25 everywhere.
    const result = calibrate(heldOut(2, 1, 1, 20, 20, 3, 3, 20, 20), 4, options);
    expect(result).toEqual({
      layerScales: [2, 20],
      mirrorScale: null,
      patchStd: 0.25,
      mapMean: 1,
      mapStd: 0.25,
      imageScores: [-1, 1],
      mapMaxima: [-1, 1],
    });
  });

  test("the paper's score is the largest distance of the first layer as it is; both lists ascend", () => {
    const result = calibrate(heldOut(1, 4, 1, 2, 1, 3, 3), 2, { ...options, score: "patch-maximum" });
    expect(result.imageScores).toEqual([2, 3, 4]);
    expect(result.mapMaxima).toEqual([...result.mapMaxima].sort((a, b) => a - b));
    expect(result.mapMaxima).toHaveLength(3);
  });

  test("distances that are all 0 scale by 1, so that nothing becomes infinite", () => {
    expect(calibrate(heldOut(1, 0, 0), 2, options)).toEqual({
      ...{
        layerScales: [1],
        mirrorScale: null,
        patchStd: 1,
        mapMean: 0,
        mapStd: 1,
        imageScores: [0],
        mapMaxima: [0],
      },
    });
  });

  test("a held-out image's map and score, made again, are the calibration's own", () => {
    const smooth = { ...options, sigma: 1.5 };
    const distances = heldOut(2, 1, 5, 20, 30, 3, 2, 25, 10);
    const calibration = calibrate(distances, 8, smooth);
    const maps = [0, 4].map((start) => {
      const layers = [0, 2].map((offset) => distances.data.subarray(start + offset, start + offset + 2));
      const fused = fusedDistances({ searches: layers }, calibration);
      return standardMap(fused, calibration, { rows: 1, columns: 2, centre: 0.5, size: 8 }, smooth);
    });
    const scores = maps.map((map) => mapMaximum(map).value).sort((a, b) => a - b);
    expect(scores).toEqual(calibration.imageScores);
    const pixels = maps.flatMap((map) => [...map.data]);
    const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
    const squares = pixels.reduce((sum, value) => sum + value * value, 0) / pixels.length;
    expect(mean).toBeCloseTo(0, 6);
    expect(squares).toBeCloseTo(1, 6);
  });

  test("the prominence of an image counts from the level of its own body", () => {
    const images = { ...heldOut(1, 4, 1, 2, 1), regions: Uint8Array.of(2, 2, 1, 2) };
    const { mapMaxima, imageScores, mapMean, mapStd } = calibrate(images, 2, {
      ...options,
      score: "map-prominence",
    });
    // Over their mean 2 the distances are 2 and 0.5, and 1 and 0.5, of which the second is all of the body.
    const [first, second] = [0.875, 0.5].map((level) => (1.5 * (level - mapMean)) / mapStd);
    const expected = [mapMaxima[1] - first, mapMaxima[0] - second].sort((a, b) => a - b);
    for (const [i, score] of expected.entries()) expect(imageScores[i]).toBeCloseTo(score, 5);
  });

  test("what is expected of every image is discounted before the maps are compared", () => {
    // Twenty images with a deviant first patch, each in a fold of its own; the last one is deviant at the second too.
    const distances = Array.from({ length: 21 }, (_, i) => [9, i === 20 ? 9 : 1]).flat();
    const images = { ...heldOut(1, ...distances), fold: Uint32Array.from({ length: 21 }, (_, i) => i) };
    const plain = calibrate(images, 2, options);
    const expecting = calibrate(images, 2, { ...options, expected: "nearest-normals" });
    expect(plain.mapMaxima.at(-1)).toBe(plain.mapMaxima[0]);
    expect(expecting.mapMaxima.at(-1)).toBeGreaterThan(2 * expecting.mapMaxima[0]);
  });

  describe("halves of images", () => {
    /** Mean distance 2 to the nearest row; to the mirrored place so many times as much. */
    const mirrored = (times: number) => ({
      ...heldOut(1, 1, 3, 2, 2),
      mirror: Float32Array.of(1, 3, 2, 2).map((value) => value * times),
    });
    const scaleOf = (times: number, changes: Partial<FitOptions> = {}) =>
      calibrate(mirrored(times), 2, { ...options, distance: "squared-l2", ...changes }).mirrorScale;

    test("are compared where the mirrored place is about as near as the nearest row", () => {
      expect([scaleOf(1), scaleOf(1.3), scaleOf(1.5)]).toEqual([2, expect.closeTo(2.6, 6), null]);
    });

    test("always or never where that is asked for", () => {
      expect(scaleOf(5, { symmetry: "left-right" })).toBe(10);
      expect(scaleOf(1, { symmetry: "none" })).toBeNull();
    });

    test("are not where they were not measured", () => {
      expect(calibrate(heldOut(1, 1, 3, 2, 2), 2, options).mirrorScale).toBeNull();
    });
  });
});
