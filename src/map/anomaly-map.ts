import type { ScalarMap } from "../types.ts";
import { assert } from "../util/assert.ts";
import { gaussian } from "../util/gaussian.ts";
import { upsample } from "./upsample.ts";

/**
 * Patch distances [rows * columns] as a smooth map [size, size] over the model frame, in the unit of the distances.
 * @param sigma standard deviation of the Gaussian, in model pixels
 */
export function anomalyMap(
  patchDistances: Float32Array,
  rows: number,
  columns: number,
  size: number,
  sigma: number,
): ScalarMap {
  assert(
    patchDistances.length === rows * columns,
    `${patchDistances.length} distances for ${rows} x ${columns} patches`,
  );
  return gaussian(upsample({ width: columns, height: rows, data: patchDistances }, size), sigma);
}
