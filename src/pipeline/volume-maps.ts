import { mapToOriginal } from "../geometry/frame.ts";
import { acrossSlices, sliceWeights } from "../map/across-slices.ts";
import type { Frame, ScalarMap } from "../types.ts";
import { assert } from "../util/assert.ts";
import type { SlicePlan } from "../volume-types.ts";
import { mapOf, type Ready } from "./see-image.ts";

/** The anomaly maps of a volume's slices, in standard deviations of normal variation, each made when asked for. */
export interface VolumeMaps {
  /** Smoothed in the plane and across slices, in the slice's own pixels; 0 everywhere for a slice that was not seen. */
  solid(index: number): ScalarMap;
  /** That of the slice alone, as an image's; in its own pixels. */
  alone(index: number): ScalarMap;
  /** The same in the model frame. */
  aloneInModel(index: number): ScalarMap;
}

/**
 * @param grids of each slice, its patch distances beyond what is expected; undefined where it was not seen
 */
export function volumeMaps(
  ready: Ready,
  plan: SlicePlan,
  frame: Frame,
  grids: readonly (ScalarMap | undefined)[],
): VolumeMaps {
  const weights = weightsOf(plan, frame, ready.bank.options.sigma);
  const original = (grid: ScalarMap | undefined) =>
    grid ? mapToOriginal(frame, mapOf(ready, grid)) : blank(frame);
  return {
    solid: (index) => original(acrossSlices(grids, index, weights)),
    alone: (index) => original(grids[index]),
    aloneInModel: (index) => {
      const grid = grids[index];
      assert(grid !== undefined, `slice ${index} was not seen`);
      return mapOf(ready, grid);
    },
  };
}

/**
 * Across slices the Gaussian has the standard deviation, in mm, that it has in the plane: sigma model pixels, each as
 * wide as the mean of a column's and a row's share of it. Where the spacing is not known no slice says anything of
 * another.
 */
function weightsOf(
  { spacing: [column, row, slice], unit }: SlicePlan,
  frame: Frame,
  sigma: number,
): number[] {
  if (unit === "px") return [1];
  const pixel = ((column + row) / 2) * (frame.side / frame.size);
  return sliceWeights(sigma * pixel, slice);
}

function blank({ width, height }: Frame): ScalarMap {
  return { width, height, data: new Float32Array(width * height) };
}
