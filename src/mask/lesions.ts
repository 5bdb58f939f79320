import type { Lesion, Mask, ScalarMap } from "../types.ts";
import { componentStats, labelComponents } from "../util/components.ts";
import { conformalPValue } from "../util/conformal.ts";

/**
 * The connected components (8-neighbours) of a final mask, the most deviant first.
 * @param mask and `map`: original frame
 * @param normalMaxima largest map value of each held-out normal image, ascending
 */
export function findLesions(mask: Mask, map: ScalarMap, normalMaxima: readonly number[]): Lesion[] {
  const components = labelComponents(mask, 8);
  const { labels, count } = components;
  const peaks = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] > 0) peaks[labels[i] - 1] = Math.max(peaks[labels[i] - 1], map.data[i]);
  }
  return componentStats(components)
    .map((stats, i) => ({ ...stats, score: peaks[i], pValue: conformalPValue(peaks[i], normalMaxima) }))
    .sort((a, b) => b.score - a.score || b.area - a.area);
}
