// What one half of the body says of the other. Where organs are symmetric, as in a head, a patch has its like at the
// mirrored place of the same image: same patient, same scanner, same slice. A lesion of one side has none.

import { assert } from "../util/assert.ts";

/** Patches around the mirrored place that are looked at: bodies are tilted a little, and halves are never the same. */
const REACH_ACROSS = 3;
const REACH_ALONG = 1;
/** What a deviation that both bank and mirror see adds, as a share of the smaller. */
const WEIGHT = 0.25;

/**
 * Squared L2 distance of each patch to the one most like it around its mirrored place, [rows * columns]. Where the
 * mirrored place lies outside the grid the distance is the median of the others.
 * @param embeddings [rows * columns, dims]
 * @param axis column of patches, fractional, about which the image is mirrored
 */
export function mirrorDistances(
  embeddings: Float32Array,
  rows: number,
  columns: number,
  axis: number,
): Float32Array {
  const dims = embeddings.length / (rows * columns);
  assert(Number.isInteger(dims), `${embeddings.length} values for ${rows} x ${columns} patches`);
  const distances = new Float32Array(rows * columns);
  const outside: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const patch = row * columns + column;
      let nearest = Number.POSITIVE_INFINITY;
      const mirrored = Math.round(2 * axis - column);
      for (let r = Math.max(0, row - REACH_ALONG); r <= Math.min(rows - 1, row + REACH_ALONG); r++) {
        const last = Math.min(columns - 1, mirrored + REACH_ACROSS);
        for (let c = Math.max(0, mirrored - REACH_ACROSS); c <= last; c++) {
          nearest = Math.min(nearest, distanceBelow(embeddings, patch, r * columns + c, dims, nearest));
        }
      }
      if (nearest < Number.POSITIVE_INFINITY) distances[patch] = nearest;
      else outside.push(patch);
    }
  }
  return withMedianAt(distances, outside);
}

/**
 * Distances to the bank with what the mirror agrees on: each in units of its normal mean.
 * @param distances [patches], mean 1 on normal images
 * @param mirror as mirrorDistances gives them
 * @param scale mean of `mirror` on normal images; positive
 */
export function withMirror(distances: Float32Array, mirror: Float32Array, scale: number): Float32Array {
  return distances.map((distance, i) => distance + WEIGHT * Math.min(distance, mirror[i] / scale));
}

/** Squared distance of two patches; stops early, above `limit`, once it cannot be less. */
function distanceBelow(embeddings: Float32Array, a: number, b: number, dims: number, limit: number): number {
  const [startA, startB] = [a * dims, b * dims];
  let sum = 0;
  for (let d = 0; d < dims && sum < limit; d += 8) {
    const end = Math.min(dims, d + 8);
    for (let k = d; k < end; k++) sum += (embeddings[startA + k] - embeddings[startB + k]) ** 2;
  }
  return sum;
}

function withMedianAt(distances: Float32Array, outside: readonly number[]): Float32Array {
  if (outside.length === 0 || outside.length === distances.length) return distances;
  const left = new Set(outside);
  const known = distances.filter((_, patch) => !left.has(patch)).sort();
  for (const patch of outside) distances[patch] = known[known.length >> 1];
  return distances;
}
