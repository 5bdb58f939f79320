// What became of each lesion of the truth, by its size, and apart from these of rings: lesions around a hole, which a
// mask that fills the hole, or holds nothing but the hole, does not find. Both are read off the truth alone, so that
// any data set with masks is measured in the same way as the made ones.

import type { Box, LesionClass, LesionClasses, LesionFate, Mask } from "../types.ts";
import { type Components, componentStats, labelComponents } from "../util/components.ts";
import { filledHoles } from "../util/filled-holes.ts";
import { matchComponents } from "./lesion-match.ts";
import { areaOf } from "./mask-area.ts";
import { mean } from "./mean.ts";

/** Pixels from which on a lesion belongs to the next class of size. */
const SIZES = [0, 60, 200, 1000] as const;
/** The least size at which lesions are required to be found. */
const LARGE = SIZES[1];
/** A lesion with at least this share of its filled area in holes is a ring; below it is one with gaps in it. */
const LEAST_HOLE = 0.1;

/** What became of the lesions (8-connected components) of a truth, in raster order of their first pixels. */
export function lesionFates(mask: Mask, truth: Mask): LesionFate[] {
  const lesions = labelComponents(truth, 8);
  const { truths, overlaps } = matchComponents(labelComponents(mask, 8), lesions);
  return componentStats(lesions).map(({ area, box }, i) => ({
    area,
    found: truths[i] !== 0,
    overlap: overlaps[i],
    isRing: holeShare(lesions, i + 1, box) >= LEAST_HOLE,
  }));
}

/** The share of the filled component's area that is not its own. */
function holeShare({ labels, width }: Components, label: number, { x0, y0, x1, y1 }: Box): number {
  const [columns, rows] = [x1 - x0 + 1, y1 - y0 + 1];
  const data = Uint8Array.from({ length: columns * rows }, (_, i) => {
    const x = i % columns;
    return labels[(y0 + (i - x) / columns) * width + x0 + x] === label ? 1 : 0;
  });
  const own = { width: columns, height: rows, data };
  return 1 - areaOf(own) / areaOf(filledHoles(own));
}

/** Recall and overlap of the lesions of several images together, by class. */
export function classifyLesions(fates: readonly LesionFate[]): LesionClasses {
  return {
    sizes: SIZES.map((from, i) => {
      const to = SIZES[i + 1] ?? null;
      const own = fates.filter(({ area }) => area >= from && (to === null || area < to));
      return { from, to, ...classOf(own) };
    }),
    large: { from: LARGE, to: null, ...classOf(fates.filter(({ area }) => area >= LARGE)) },
    rings: classOf(fates.filter(({ isRing }) => isRing)),
  };
}

function classOf(fates: readonly LesionFate[]): LesionClass {
  const found = fates.filter((fate) => fate.found).length;
  return {
    truths: fates.length,
    found,
    recall: fates.length === 0 ? null : found / fates.length,
    overlap: mean(fates.map(({ overlap }) => overlap)),
  };
}
