import type { SegmentOptions } from "../types.ts";
import { conformalPValue, smallestPValue } from "../util/conformal.ts";

/** What the held-out normal images say of one image. */
export interface Verdict {
  readonly pValue: number;
  readonly abnormal: boolean;
  /** Whether the final mask is left empty. */
  readonly empty: boolean;
}

/**
 * Judges an image by its score. A normal image exchangeable with the held-out ones is called abnormal with a
 * probability of at most alpha, and is else given an empty mask where `empty` says so. With too few held-out images
 * for a p-value of alpha nothing is decided and no mask left empty: it would say "nothing there" of every image.
 * @param normalScores of the held-out images, ascending
 */
export function verdictOf(
  score: number,
  normalScores: readonly number[],
  { alpha, empty }: Pick<SegmentOptions, "alpha" | "empty">,
): Verdict {
  const pValue = conformalPValue(score, normalScores);
  const abnormal = pValue <= alpha;
  const decidable = smallestPValue(normalScores.length) <= alpha;
  return { pValue, abnormal, empty: empty === "when-normal" && decidable && !abnormal };
}
