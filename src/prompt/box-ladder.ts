// Boxes at several heights of the map's highest peak. No threshold is chosen: the decoder draws a mask for every box
// and the masks, from the whole hill to its summit, are the hierarchy from which the best is taken afterwards.

import type { Box, PromptSet, ScalarMap } from "../types.ts";
import { componentAt } from "../util/components.ts";
import { mapMaximum, mapMedian } from "../util/map-statistics.ts";

/** Heights between the map's median (0) and its peak (1). */
export const LADDER_LEVELS: readonly number[] = Array.from({ length: 8 }, (_, i) => 0.35 + (i * 0.55) / 7);

/**
 * One box for each level: the bounding box of the component of { map >= level } that holds the peak. A box stands, by
 * its weight, for all levels that give it, and is named after the lowest. A constant map gives the whole image.
 * @param map anomaly map in the model frame
 */
export function boxLadder(map: ScalarMap): PromptSet[] {
  const { value: high, index: peak } = mapMaximum(map);
  const low = mapMedian(map);
  const rungs: { box: Box; level: number; weight: number }[] = [];
  for (const level of LADDER_LEVELS) {
    const box = componentAt(map, low + level * (high - low), peak)?.box;
    const last = rungs.at(-1);
    if (box && last && sameBox(box, last.box)) last.weight++;
    else if (box) rungs.push({ box, level, weight: 1 });
  }
  return rungs.map(({ box, level, weight }) => ({
    prompts: [{ kind: "box", box }],
    output: "single",
    weight,
    label: `level ${level.toFixed(2)}`,
  }));
}

function sameBox(a: Box, b: Box): boolean {
  return a.x0 === b.x0 && a.y0 === b.y0 && a.x1 === b.x1 && a.y1 === b.y1;
}
