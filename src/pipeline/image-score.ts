// How abnormal an image is, as one number.
//
// Normal images differ in how far they are from the bank everywhere: by scanner, noise and patient. Where the body of one
// is farther, its largest distance is larger too, and by more. An image is therefore scored by what its largest distance
// has above that of a normal image of its own level, not of all.

import { bodyLevel } from "../map/body-level.ts";
import type { Calibration, FitOptions, ScoreName } from "../types.ts";
import { valueRange } from "../util/value-range.ts";

/**
 * How much the largest value of a normal image rises with its level. Over held-out normal images the median slope was
 * 1.7 in slices through the liver, 2.1 in brains. With 1.5 made anomalies in brains were found in 0.35 of the images at 5 %
 * false alarms instead of 0.17, in the liver in 0.21 instead of 0.16; with 2 in more, but ranked worse as a whole.
 */
const SLOPE = 1.5;

/** What an image is scored by. */
export interface ScoredImage {
  /** Patch distances of each search. */
  readonly searches: readonly Float32Array[];
  /** Largest value of the map, in standard deviations. */
  readonly maximum: number;
  /** What is typical of its body, in the map's unit; see imageLevel. */
  readonly level: number;
}

/** The image scores by name. */
const scores: Readonly<Record<ScoreName, (image: ScoredImage) => number>> = {
  "map-prominence": ({ maximum, level }) => maximum - SLOPE * level,
  "map-maximum": ({ maximum }) => maximum,
  "patch-maximum": ({ searches }) => valueRange(searches[0]).max,
};

/** The score of an image; larger is more abnormal. */
export function imageScore(image: ScoredImage, { score }: Pick<FitOptions, "score">): number {
  return scores[score](image);
}

/**
 * What is typical of an image's body, in standard deviations of the map.
 * @param beyond patch distances with what is expected discounted, [patches]
 * @param regions [patches], see geometry/regions.ts
 */
export function imageLevel(
  beyond: Float32Array,
  regions: Uint8Array,
  { mapMean, mapStd }: Pick<Calibration, "mapMean" | "mapStd">,
): number {
  return (bodyLevel(beyond, regions) - mapMean) / mapStd;
}
