// Boxes at several heights of the map's highest peak. No threshold is chosen: the decoder draws a mask for every box
// and the masks, from the whole hill to its summit, are the hierarchy from which the best is taken afterwards.

import type { PromptSet, ScalarMap } from "../types.ts";
import { componentAt } from "../util/components.ts";
import { mapMaximum, mapMedian } from "../util/map-statistics.ts";

/** Heights between the map's median (0) and its peak (1). */
export const LADDER_LEVELS: readonly number[] = Array.from({ length: 8 }, (_, i) => 0.35 + (i * 0.55) / 7);

/**
 * One box for each level: the bounding box of the component of { map >= level } that holds the peak.
 * Levels that give the same box as a lower one are left out; a constant map gives the whole image.
 * @param map anomaly map in the model frame
 */
export function boxLadder(map: ScalarMap): PromptSet[] {
  const { value: high, index: peak } = mapMaximum(map);
  const low = mapMedian(map);
  const boxes = new Map<string, PromptSet>();
  for (const level of LADDER_LEVELS) {
    const component = componentAt(map, low + level * (high - low), peak);
    if (component === undefined) continue;
    const { box } = component;
    const key = `${box.x0} ${box.y0} ${box.x1} ${box.y1}`;
    if (!boxes.has(key)) {
      boxes.set(key, {
        prompts: [{ kind: "box", box }],
        output: "single",
        label: `level ${level.toFixed(2)}`,
      });
    }
  }
  return [...boxes.values()];
}
