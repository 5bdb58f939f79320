import { largestInside, type MaskPatch, overlap } from "../mask/mask-patch.ts";
import type { ScalarMap } from "../types.ts";
import { conformalPValue, smallestPValue } from "../util/conformal.ts";
import type { SlicePlan } from "../volume-types.ts";

/** A slice's masks must be supported by those of its neighbours. */
export interface SupportCall<Part extends { readonly patch: MaskPatch }> {
  readonly parts: readonly (readonly Part[])[];
  readonly plan: SlicePlan;
  /** Whether the slice was seen; one that was not neither supports nor denies. */
  readonly isSeen: (index: number) => boolean;
  /** The map of the slice alone, in its own pixels. */
  readonly mapOf: (index: number) => ScalarMap;
  /** Largest map value of each held-out normal image, ascending. */
  readonly normalMaxima: readonly number[];
}

/**
 * The masks that stay: those that overlap a mask of a neighbouring slice, those that are strong by themselves (more
 * deviant inside than anything in any held-out normal image: the least p-value there is), and those of which no support
 * can be asked. That is where no neighbour was seen, as in a volume of one slice, and where slices are too far apart: a
 * lesion as deep as it is wide, with its middle in this slice, does not reach the next one where that is farther away
 * than its radius.
 */
export function supportedParts<Part extends { readonly patch: MaskPatch }>(
  call: SupportCall<Part>,
): Part[][] {
  const { parts, plan, isSeen, mapOf, normalMaxima } = call;
  return parts.map((own, index) => {
    if (own.length === 0) return [];
    const beside = [index - 1, index + 1].filter(
      (other) => other >= 0 && other < parts.length && isSeen(other),
    );
    if (beside.length === 0) return [...own];
    let map: ScalarMap | undefined;
    return own.filter(({ patch }) => {
      if (beside.some((other) => parts[other].some((part) => overlap(part.patch, patch)))) return true;
      if (radiusOf(patch, plan) < plan.spacing[2]) return true;
      map ??= mapOf(index);
      return conformalPValue(largestInside(patch, map), normalMaxima) <= smallestPValue(normalMaxima.length);
    });
  });
}

/** Of the disc of equal area, in the plan's unit. */
function radiusOf({ area }: MaskPatch, { spacing }: SlicePlan): number {
  return Math.sqrt((area * spacing[0] * spacing[1]) / Math.PI);
}
