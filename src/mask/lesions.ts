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
  const peaks = new Float64Array(components.count).fill(Number.NEGATIVE_INFINITY);
  for (const [i, label] of components.labels.entries()) {
    if (label > 0 && map.data[i] > peaks[label - 1]) peaks[label - 1] = map.data[i];
  }
  return componentStats(components)
    .map((stats, i) => ({ ...stats, score: peaks[i], pValue: conformalPValue(peaks[i], normalMaxima) }))
    .sort((a, b) => b.score - a.score || b.area - a.area);
}
