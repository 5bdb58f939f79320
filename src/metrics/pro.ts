// Per-region overlap (PRO): for a threshold, the mean over all truth regions of the share of the region that is
// found. Its curve over the false positive rate weighs a small lesion like a large one.
//
// As in the evaluation code of MVTec AD (Bergmann et al., IJCV 129, 2021, section 5.2; `compute_pro` and
// `trapezoid`): regions are 8-connected components (`scipy.ndimage.label` with a 3 x 3 structure of ones), the
// false positive rate counts all pixels outside the truth, curves begin at (0, 0), and the area is taken up to a
// rate of 0.3 with linear interpolation there, divided by 0.3.

import type { Curve, Mask } from "../types.ts";
import { componentStats, labelComponents } from "../util/components.ts";
import { areaUnder } from "./curve.ts";
import type { ThresholdTable } from "./threshold-table.ts";

/** The false positive rate up to which AUPRO integrates. */
export const AUPRO_LIMIT = 0.3;

export interface RegionWeights {
  /** 1 / (area of its region) for each truth pixel, 0 elsewhere; in whole multiples of 2^-44. */
  readonly weights: Float64Array;
  readonly regions: number;
}

// Sums of such multiples are exact below 2^9, so that they do not depend on the order of the images unless more
// than 512 whole regions share one threshold; then only the last bits do.
const RESOLUTION = 2 ** 44;

/** The share of its region that each pixel of the truth is. */
export function regionWeights(truth: Mask): RegionWeights {
  const components = labelComponents(truth, 8);
  const shares = componentStats(components).map(({ area }) => Math.round(RESOLUTION / area) / RESOLUTION);
  const weights = new Float64Array(components.labels.length);
  for (let i = 0; i < weights.length; i++) {
    const label = components.labels[i];
    if (label !== 0) weights[i] = shares[label - 1];
  }
  return { weights, regions: components.count };
}

/** x false positive rate, y mean overlap, from (0, 0) to (1, 1); null without regions or without negatives. */
export function proCurve({ negatives, overlap, totals }: ThresholdTable): Curve | null {
  if (totals.regions === 0 || totals.negatives === 0) return null;
  const x = [0];
  const y = [0];
  let falsePositives = 0;
  let found = 0;
  for (let i = 0; i < negatives.length; i++) {
    falsePositives += negatives[i];
    found += overlap[i];
    x.push(falsePositives / totals.negatives);
    y.push(Math.min(1, found / totals.regions));
  }
  return { x, y };
}

/** Area under the PRO curve up to `limit`, divided by it: 1 is perfect. Null where the curve is. */
export function aupro(table: ThresholdTable, limit = AUPRO_LIMIT): number | null {
  const curve = proCurve(table);
  return curve === null ? null : areaUnder(curve, limit) / limit;
}
