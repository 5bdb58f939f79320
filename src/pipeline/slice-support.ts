// What one slice's mask needs from the slices beside it. No rule here has a number of its own: they are ranks among
// held-out normal images, the level that a further lesion of an abnormal image is held to, and plain geometry.

import { contrast } from "../mask/contrast.ts";
import { largestInside, type MaskPatch, maskOfPatches, overlap } from "../mask/mask-patch.ts";
import type { ScalarMap } from "../types.ts";
import { conformalPValue, smallestPValue } from "../util/conformal.ts";
import type { SlicePlan } from "../volume-types.ts";
import { FURTHER_LEVEL } from "./drawn-parts.ts";
import type { VolumeMaps } from "./volume-maps.ts";

export interface SupportCall {
  readonly plan: SlicePlan;
  readonly maps: Pick<VolumeMaps, "solid" | "alone">;
  /** Whether the slice was seen; one that was not neither supports nor denies. */
  readonly isSeen: (index: number) => boolean;
  /** Largest map value of each held-out normal image, ascending. */
  readonly normalMaxima: readonly number[];
}

/** Judges the masks of slices. */
export interface SliceSupport {
  /**
   * Whether the map in 3-D bears out what an abnormal slice's own peaks gave: a chance peak of one slice is averaged away
   * by its neighbours, a lesion is not. It is held to what a further lesion of an abnormal image is, or is strong by
   * itself.
   */
  isBorneOut(index: number, patch: MaskPatch): boolean;
  /**
   * Whether a mask that came from the slice beside this one is supported by this slice's own map: it stands out from its
   * surroundings, and few normal slices hold anything as deviant anywhere. The map in 3-D is not asked, since it carries a
   * strong lesion beyond its end.
   */
  goesOn(index: number, patch: MaskPatch): boolean;
  /**
   * The masks that stay at the end: those that overlap a mask of a neighbouring slice, those that are strong by themselves,
   * and those of which no support can be asked. That is where no neighbour was seen, as in a volume of one slice, and where
   * slices are too far apart: a lesion as deep as it is wide, with its middle in this slice, does not reach the next one
   * where that is farther away than its radius.
   */
  supported<Part extends { readonly patch: MaskPatch }>(parts: readonly (readonly Part[])[]): Part[][];
}

export function createSupport({ plan, maps, isSeen, normalMaxima }: SupportCall): SliceSupport {
  const least = smallestPValue(normalMaxima.length);
  const level = Math.max(FURTHER_LEVEL, least);
  const pValueIn = (patch: MaskPatch, map: ScalarMap) =>
    conformalPValue(largestInside(patch, map), normalMaxima);
  const neighbours = (index: number) =>
    [index - 1, index + 1].filter((other) => other >= 0 && other < plan.count && isSeen(other));
  // More deviant inside than anything in any held-out normal image.
  const isStrong = (index: number, patch: MaskPatch) => pValueIn(patch, maps.alone(index)) <= least;
  const canBeAsked = (index: number, patch: MaskPatch) =>
    neighbours(index).length > 0 && radiusOf(patch, plan) >= plan.spacing[2];
  return {
    isBorneOut: (index, patch) =>
      !canBeAsked(index, patch) || pValueIn(patch, maps.solid(index)) <= level || isStrong(index, patch),
    goesOn: (index, patch) => {
      const map = maps.alone(index);
      const mask = maskOfPatches([patch], plan.width, plan.height);
      return pValueIn(patch, map) <= level && contrast(mask, map) > 0;
    },
    supported: (parts) =>
      parts.map((own, index) =>
        own.filter(({ patch }) => {
          if (!canBeAsked(index, patch)) return true;
          const beside = neighbours(index).flatMap((other) => parts[other]);
          return beside.some((part) => overlap(part.patch, patch)) || isStrong(index, patch);
        }),
      ),
  };
}

/** Of the disc of equal area, in the plan's unit. */
function radiusOf({ area }: MaskPatch, { spacing }: SlicePlan): number {
  return Math.sqrt((area * spacing[0] * spacing[1]) / Math.PI);
}
