import type { ScalarMap } from "../types.ts";
import { assert } from "../util/assert.ts";
import { chained, filterMap } from "../util/axis-filter.ts";
import { gaussianFilter } from "../util/gaussian.ts";
import { upsampling } from "./upsample.ts";

/**
 * Patch distances [rows * columns] as a smooth map [size, size] over the model frame, in the unit of the distances:
 * sampled up, then smoothed, in one step for each axis.
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
  const smoothing = gaussianFilter(size, sigma);
  const alongX = chained(upsampling(columns, size), smoothing);
  const alongY = rows === columns ? alongX : chained(upsampling(rows, size), smoothing);
  return filterMap({ width: columns, height: rows, data: patchDistances }, alongX, alongY);
}
