import { maskToOriginal } from "../geometry/frame.ts";
import { findLesions } from "../mask/lesions.ts";
import type { Candidate, Frame, Mask, ScalarMap } from "../types.ts";
import { smallestPValue } from "../util/conformal.ts";

/** A chosen candidate whose mask is drawn. */
export interface DrawnPart {
  /** Among the candidates. */
  readonly index: number;
  /** Original frame. */
  readonly mask: Mask;
}

/**
 * The chosen candidates that stay. Those of the first lesion always do. A further one stays where its own p-value is
 * at most alpha, so that what is added to a mask is as unlikely in a normal image as the image itself has to be; with
 * too few held-out images for that, where its p-value is the least that they can show.
 * @param map against the learned rows, original frame
 * @param normalMaxima largest map value of each held-out normal image, ascending
 */
export function drawnParts(
  chosen: readonly number[],
  candidates: readonly Candidate[],
  frame: Frame,
  map: ScalarMap,
  normalMaxima: readonly number[],
  alpha: number,
): DrawnPart[] {
  const level = Math.max(alpha, smallestPValue(normalMaxima.length));
  return chosen
    .map((index) => ({ index, mask: maskToOriginal(frame, candidates[index].logits) }))
    .filter(({ index, mask }) => {
      if ((candidates[index].promptSet.lesion ?? 0) === 0) return true;
      const [highest] = findLesions(mask, map, normalMaxima);
      return highest !== undefined && highest.pValue <= level;
    });
}
