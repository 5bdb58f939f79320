// The published pipeline from feature map to point prompt against torch, NumPy and SciPy; see scripts/golden_paper.py.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { anomalyMap } from "../src/map/anomaly-map.ts";
import { unfoldPatches } from "../src/patches/unfold-patches.ts";
import { centreOfGravity } from "../src/prompt/centre-of-gravity.ts";
import type { PatchGrid, ScalarMap } from "../src/types.ts";
import { madeFeature } from "./golden-noise.ts";

interface Chain {
  readonly bankImages: number;
  readonly patches: readonly number[];
  readonly descriptors: readonly (readonly number[])[];
  readonly distances: readonly number[];
  readonly score: number;
  readonly mapStep: number;
  readonly map: readonly number[];
  readonly centreOfGravity: { readonly x: number; readonly y: number };
}

const golden: Chain = JSON.parse(readFileSync(new URL("golden/paper/chain.json", import.meta.url), "utf8"));

/** Squared L2 to the nearest row, in float64; a row is left when it is already farther than the best. */
function nearestDistance(query: Float32Array, bank: readonly PatchGrid[], start: number): number {
  let best = Infinity;
  for (const { data, dims } of bank) {
    for (let row = 0; row < data.length; row += dims) {
      let sum = 0;
      for (let k = 0; k < dims && sum < best; k += 32) {
        for (let j = k; j < k + 32; j++) sum += (query[start + j] - data[row + j]) ** 2;
      }
      if (sum < best) best = sum;
    }
  }
  return best;
}

function expectRelative(actual: number, expected: number, tolerance = 1e-4): void {
  expect(Math.abs(actual - expected), `${actual} against ${expected}`).toBeLessThanOrEqual(
    tolerance * Math.abs(expected),
  );
}

describe("the published pipeline agrees with its own parts", () => {
  let query: PatchGrid;
  let distances: Float32Array;
  let map: ScalarMap;

  beforeAll(() => {
    const bank = Array.from({ length: golden.bankImages }, (_, image) =>
      unfoldPatches(madeFeature(image, false)),
    );
    query = unfoldPatches(madeFeature(golden.bankImages, true));
    distances = Float32Array.from({ length: 1024 }, (_, patch) =>
      nearestDistance(query.data, bank, patch * query.dims),
    );
    map = anomalyMap(distances, { rows: query.rows, columns: query.columns, centre: 0.5, size: 256 }, 4);
  });

  test("descriptors: torch unfold and adaptive_avg_pool1d", () => {
    expect(query).toMatchObject({ rows: 32, columns: 32, dims: 1024 });
    for (const [i, patch] of golden.patches.entries()) {
      const actual = query.data.subarray(patch * 1024, (patch + 1) * 1024);
      for (const [k, expected] of golden.descriptors[i].entries()) {
        expect(Math.abs(actual[k] - expected)).toBeLessThanOrEqual(1e-6);
      }
    }
  });

  test("distances: exact squared L2 in float64", () => {
    expect(golden.distances).toHaveLength(1024);
    for (const [patch, expected] of golden.distances.entries()) expectRelative(distances[patch], expected);
  });

  test("image score: the largest distance", () => {
    expectRelative(
      distances.reduce((a, b) => Math.max(a, b)),
      golden.score,
    );
  });

  test("map: torch bilinear, scipy Gaussian of sigma 4", () => {
    const side = 256 / golden.mapStep;
    expect(golden.map).toHaveLength(side * side);
    for (const [i, expected] of golden.map.entries()) {
      const y = Math.floor(i / side) * golden.mapStep;
      expectRelative(map.data[y * 256 + (i % side) * golden.mapStep], expected);
    }
  });

  test("point prompt: centre of gravity", () => {
    const centre = centreOfGravity(map);
    expectRelative(centre.x, golden.centreOfGravity.x);
    expectRelative(centre.y, golden.centreOfGravity.y);
  });
});
