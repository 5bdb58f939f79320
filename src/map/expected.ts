// What the distances of an image's patches would be if it were normal: those of the normal images most like it. Some
// places are unlike the bank in every image (an eye, the rim of an organ), so that they say nothing.

import { assert } from "../util/assert.ts";
import { squaredDistance } from "../util/squared-distance.ts";

/** Distances that are expected of each patch, and how much they differ among normal images. */
export interface ExpectedDistances {
  readonly mean: Float32Array;
  readonly std: Float32Array;
}

/** A normal image with its distances [patches], measured against rows of other images. */
export interface NormalImage {
  /** Mean patch embedding. */
  readonly signature: Float32Array;
  readonly distances: Float32Array;
}

/**
 * Share of what is expected that is kept. With 0 a place that is as deviant as expected would look like empty
 * background, and a lesion there be ranked below it.
 */
const KEPT = 0.5;

/** The `count` images whose signatures are nearest (L2), nearest first; of equals the first. */
export function nearestNormals(
  signature: Float32Array,
  normals: readonly NormalImage[],
  count: number,
): NormalImage[] {
  return normals
    .map((normal, index) => ({
      normal,
      index,
      distance: squaredDistance(signature, 0, normal.signature, 0, signature.length),
    }))
    .sort((a, b) => a.distance - b.distance || a.index - b.index)
    .slice(0, count)
    .map(({ normal }) => normal);
}

/** Mean and standard deviation over images, patch by patch. */
export function expectedDistances(normals: readonly NormalImage[]): ExpectedDistances {
  assert(normals.length > 0, "nothing is expected without a normal image");
  const patches = normals[0].distances.length;
  const sums = new Float64Array(patches);
  const squares = new Float64Array(patches);
  for (const { distances } of normals) {
    for (let i = 0; i < patches; i++) {
      sums[i] += distances[i];
      squares[i] += distances[i] * distances[i];
    }
  }
  const mean = Float32Array.from(sums, (sum) => sum / normals.length);
  const variance = squares.map((square, i) => square / normals.length - (sums[i] / normals.length) ** 2);
  return { mean, std: Float32Array.from(variance, (value) => Math.sqrt(Math.max(0, value))) };
}

/**
 * Distances [patches] with what is expected of them discounted: half of them as far as they are expected, and what
 * lies beyond in full where normal images agree, in part where they differ, as 1 : 1 + std / patchStd.
 * @param patchStd standard deviation of distances over patches of normal images; positive
 */
export function beyondExpected(
  distances: Float32Array,
  { mean, std }: ExpectedDistances,
  patchStd: number,
): Float32Array {
  assert(patchStd > 0, `the standard deviation of patches is ${patchStd}`);
  return distances.map((distance, i) => {
    const beyond = Math.max(0, distance - mean[i]) / (1 + std[i] / patchStd);
    return beyond + KEPT * Math.min(distance, mean[i]);
  });
}
