import type { ScalarMap } from "../types.ts";

/** The Gaussian ends at this many standard deviations, as in the plane. */
const TRUNCATE = 4;

/**
 * Weights of the slices at distance 0, 1, ... by a Gaussian across them; 1 for a slice alone where `sigma` is 0.
 * @param sigma standard deviation, in the unit of `spacing`
 * @param spacing between slices; positive
 */
export function sliceWeights(sigma: number, spacing: number): number[] {
  if (sigma === 0) return [1];
  const reach = Math.floor((TRUNCATE * sigma) / spacing);
  return Array.from({ length: reach + 1 }, (_, step) => Math.exp(-0.5 * ((step * spacing) / sigma) ** 2));
}

/**
 * The weighted mean of a slice and its neighbours; the weights of those that exist are made to sum to 1. Since smoothing
 * in the plane is linear it may come afterwards, once, so the grids of patches are all that is needed of other slices.
 * @param grids one for each slice, of one size; undefined where there is none
 * @param index of a slice that has one
 * @param weights see sliceWeights
 */
export function acrossSlices(
  grids: readonly (ScalarMap | undefined)[],
  index: number,
  weights: readonly number[],
): ScalarMap | undefined {
  const own = grids[index];
  if (own === undefined) return undefined;
  const sums = new Float64Array(own.data.length);
  let total = 0;
  for (let slice = index - weights.length + 1; slice < index + weights.length; slice++) {
    const grid = grids[slice];
    if (grid === undefined) continue;
    const weight = weights[Math.abs(slice - index)];
    total += weight;
    for (let i = 0; i < sums.length; i++) sums[i] += weight * grid.data[i];
  }
  return { width: own.width, height: own.height, data: Float32Array.from(sums, (sum) => sum / total) };
}
