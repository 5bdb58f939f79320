import type { ScalarMap } from "../types.ts";
import { assert } from "../util/assert.ts";
import { chained, filterMap } from "../util/axis-filter.ts";
import { gaussianFilter } from "../util/gaussian.ts";
import { upsampling } from "./upsample.ts";

/** The grid of patches, and the frame in which their distances become a map. */
export interface MapGeometry {
  readonly rows: number;
  readonly columns: number;
  /** Where in its share of the frame a patch is centred, along both axes: 0.5 in the middle, less towards the first pixel. */
  readonly centre: number;
  /** Side of the model frame. */
  readonly size: number;
}

/**
 * Patch distances [rows * columns] as a smooth map [size, size] over the model frame, in the unit of the distances:
 * sampled up, then smoothed, in one step for each axis.
 * @param sigma standard deviation of the Gaussian, in model pixels
 */
export function anomalyMap(
  patchDistances: Float32Array,
  { rows, columns, centre, size }: MapGeometry,
  sigma: number,
): ScalarMap {
  assert(
    patchDistances.length === rows * columns,
    `${patchDistances.length} distances for ${rows} x ${columns} patches`,
  );
  const smoothing = gaussianFilter(size, sigma);
  const alongX = chained(upsampling(columns, size, centre), smoothing);
  const alongY = rows === columns ? alongX : chained(upsampling(rows, size, centre), smoothing);
  return filterMap({ width: columns, height: rows, data: patchDistances }, alongX, alongY);
}
