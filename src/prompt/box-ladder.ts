// Boxes at several heights of the map's highest peak. No threshold is chosen: the decoder draws a mask for every box
// and the masks, from the whole hill to its summit, are the hierarchy from which the best is taken afterwards.

import type { Box, PromptSet, ScalarMap } from "../types.ts";
import { componentAt } from "../util/components.ts";
import { mapMaximum, mapMedian } from "../util/map-statistics.ts";

/** Heights between the map's median (0) and its peak (1). */
export const LADDER_LEVELS: readonly number[] = Array.from({ length: 8 }, (_, i) => 0.35 + (i * 0.55) / 7);

/** A box of a ladder. */
export interface Rung {
  readonly box: Box;
  /** The lowest level that gives it. */
  readonly level: number;
  /** How many levels give it. */
  readonly weight: number;
}

/** The hill that a ladder leans on: its peak (row * width + column) and the heights of level 0 and 1. */
export interface Hill {
  readonly peak: number;
  readonly low: number;
  readonly high: number;
}

/**
 * One box for each level: the bounding box of the component of { map >= level } that holds the peak. A box stands, by
 * its weight, for all levels that give it, and is named after the lowest. A constant map gives the whole image.
 * @param map anomaly map in the model frame
 */
export function boxLadder(map: ScalarMap): PromptSet[] {
  return ladder(map, highestHill(map), LADDER_LEVELS, sameBox).map(({ box, level, weight }) => ({
    prompts: [{ kind: "box", box }],
    output: "single",
    weight,
    label: `level ${level.toFixed(2)}`,
  }));
}

/** The map's peak above its median. */
export function highestHill(map: ScalarMap): Hill {
  const { value, index } = mapMaximum(map);
  return { peak: index, low: mapMedian(map), high: value };
}

/** The boxes of a hill from its foot up; one that is `alike` to the last kept adds to the weight of that. */
export function ladder(
  map: ScalarMap,
  { peak, low, high }: Hill,
  levels: readonly number[],
  alike: (box: Box, last: Box) => boolean,
): Rung[] {
  const rungs: { box: Box; level: number; weight: number }[] = [];
  for (const level of levels) {
    const box = componentAt(map, low + level * (high - low), peak)?.box;
    const last = rungs.at(-1);
    if (box && last && alike(box, last.box)) last.weight++;
    else if (box) rungs.push({ box, level, weight: 1 });
  }
  return rungs;
}

function sameBox(a: Box, b: Box): boolean {
  return a.x0 === b.x0 && a.y0 === b.y0 && a.x1 === b.x1 && a.y1 === b.y1;
}
