// What one half of the body says of the other. Where organs are symmetric, as in a head, a patch has its like at the
// mirrored place of the same image: same patient, same scanner, same slice. A lesion of one side has none.

import { assert } from "../util/assert.ts";
import { squaredDistance } from "../util/squared-distance.ts";

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
  const grid: Grid = { embeddings, dims, rows, columns };
  const distances = new Float32Array(rows * columns);
  const outside: number[] = [];
  for (let patch = 0; patch < distances.length; patch++) {
    const column = patch % columns;
    const row = (patch - column) / columns;
    const nearest = nearestAround(grid, patch, row, Math.round(2 * axis - column));
    if (nearest < Number.POSITIVE_INFINITY) distances[patch] = nearest;
    else outside.push(patch);
  }
  return withMedianAt(distances, outside);
}

interface Grid {
  readonly embeddings: Float32Array;
  readonly dims: number;
  readonly rows: number;
  readonly columns: number;
}

/** The distance of a patch to the one most like it within reach of a place; Infinity where that is outside the grid. */
function nearestAround(
  { embeddings, dims, rows, columns }: Grid,
  patch: number,
  row: number,
  column: number,
): number {
  let nearest = Number.POSITIVE_INFINITY;
  const lastRow = Math.min(rows - 1, row + REACH_ALONG);
  const lastColumn = Math.min(columns - 1, column + REACH_ACROSS);
  for (let r = Math.max(0, row - REACH_ALONG); r <= lastRow; r++) {
    for (let c = Math.max(0, column - REACH_ACROSS); c <= lastColumn; c++) {
      const other = (r * columns + c) * dims;
      nearest = Math.min(
        nearest,
        squaredDistance(embeddings, patch * dims, embeddings, other, dims, nearest),
      );
    }
  }
  return nearest;
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

function withMedianAt(distances: Float32Array, outside: readonly number[]): Float32Array {
  if (outside.length === 0 || outside.length === distances.length) return distances;
  const left = new Set(outside);
  const known = distances.filter((_, patch) => !left.has(patch)).sort();
  for (const patch of outside) distances[patch] = known[known.length >> 1];
  return distances;
}
