// Several lesions in one image: a ladder of boxes for the map's highest peak, as box-ladder.ts has it, and one box for
// each further peak that stands out by itself: it rises well above the pass to its neighbour, and passes a test of its
// height. What the decoder then draws there is judged against normal images once more.

import type { Box, Point, PromptSet, ScalarMap } from "../types.ts";
import { type Hill, highestHill, LADDER_LEVELS, ladder, type Rung } from "./box-ladder.ts";
import { mapPeaks, type Peak } from "./peaks.ts";

/**
 * Whether a further peak is high enough.
 * @param value of the map
 * @param share its height above the map's median, as a share of the highest peak's
 */
export type PeakTest = (value: number, share: number) => boolean;

/** Which further peaks are asked for: those that pass a test, or none, so that no peak is looked for. */
export type FurtherPeaks = PeakTest | "none";

/**
 * Persistence that counts, as a share of the peak's own height above the median. A summit that rises less above the
 * pass to its neighbour is the unevenness of one hill, and its box would lie inside a box of that hill.
 */
const LEAST_PERSISTENCE = 0.25;

/** Further peaks at most: with one box each, they take about half the time that the first one takes. */
const MOST_FURTHER = 4;

/**
 * Height of a further peak's box between the pass to a higher peak (0), or the median, and its summit (1). A second box,
 * at 0.65, made a quarter more boxes an image and found nothing more: with it 25 of 59 lesions of 24 phantoms were
 * touched, without it as many, at a mean DICE of 0.315 and 0.312.
 */
const FURTHER_LEVEL = 0.3;

/** Boxes of one peak with at least this intersection over union get next to the same mask, so one of them is asked. */
const ALIKE = 0.85;

/**
 * Box prompts of the highest peak (`lesion` 0) and of up to four further ones, the most persistent first. Boxes of one
 * peak that are nearly alike are asked once; their weight tells how many levels they stand for. The highest is asked as a
 * point too, for three masks from fine to coarse; these have no say in which masks agree (weight 0).
 * @param map anomaly map in the model frame
 * @param points whether the model answers points
 * @param further which peaks beside the highest are asked for
 */
export function lesionLadders(map: ScalarMap, points: boolean, further: FurtherPeaks): PromptSet[] {
  return lesionHills(map, further).flatMap((hill, lesion) => {
    const boxes = promptSets(lesion, lesionLadder(map, hill, lesion));
    return points && lesion === 0 ? [...boxes, peakPoint(map, hill)] : boxes;
  });
}

/** The hills that are asked for, by number of the lesion: the highest, and further ones. */
export function lesionHills(map: ScalarMap, further: FurtherPeaks): Hill[] {
  const first = highestHill(map);
  const others = further === "none" ? [] : furtherPeaks(map, first, further);
  return [
    first,
    ...others.map(({ index, value, saddle }) => ({
      ...{ peak: index, low: Math.max(first.low, saddle), high: value },
    })),
  ];
}

/** The boxes of a lesion's hill, from its foot up; one at least. */
export function lesionLadder(map: ScalarMap, hill: Hill, lesion: number): Rung[] {
  return ladder(map, hill, lesion === 0 ? LADDER_LEVELS : [FURTHER_LEVEL], nearlyAlike);
}

/** Where the peak of a hill lies. */
export function summitOf({ width }: ScalarMap, { peak }: Hill): Point {
  const x = peak % width;
  return { x, y: (peak - x) / width };
}

/** Peaks beside the highest that stand out by themselves. */
function furtherPeaks(map: ScalarMap, { peak, low, high }: Hill, stands: PeakTest): Peak[] {
  return mapPeaks(map)
    .filter(({ index, value, saddle }) => {
      const height = value - low;
      const rises = height > 0 && value - saddle >= LEAST_PERSISTENCE * height;
      return index !== peak && rises && stands(value, height / (high - low));
    })
    .slice(0, MOST_FURTHER);
}

function promptSets(lesion: number, rungs: readonly Rung[]): PromptSet[] {
  return rungs.map(({ box, level, weight }) => ({
    prompts: [{ kind: "box", box }],
    output: "single",
    weight,
    lesion,
    label: `peak ${lesion + 1}, level ${level.toFixed(2)}`,
  }));
}

function peakPoint(map: ScalarMap, hill: Hill): PromptSet {
  const prompts = [{ kind: "point", point: summitOf(map, hill), positive: true }] as const;
  return { prompts, output: "multi", weight: 0, lesion: 0, label: "peak 1, point" };
}

function nearlyAlike(a: Box, b: Box): boolean {
  const width = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0) + 1;
  const height = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0) + 1;
  const both = Math.max(0, width) * Math.max(0, height);
  return both >= ALIKE * (area(a) + area(b) - both);
}

/** Pixels; the corners belong to the box. */
function area({ x0, y0, x1, y1 }: Box): number {
  return (x1 - x0 + 1) * (y1 - y0 + 1);
}
