import { maskToOriginal } from "../geometry/frame.ts";
import { findLesions } from "../mask/lesions.ts";
import { withoutSpecks } from "../mask/specks.ts";
import type { FurtherPeaks, PeakTest } from "../prompt/lesion-ladders.ts";
import type { Candidate, Frame, Mask, ScalarMap } from "../types.ts";
import { conformalPValue, smallestPValue } from "../util/conformal.ts";

/** A chosen candidate whose mask is drawn. */
export interface DrawnPart {
  /** Among the candidates. */
  readonly index: number;
  /** Original frame. */
  readonly mask: Mask;
}

/**
 * P-value up to which a further lesion of an abnormal image stays. That the image is abnormal has been shown; where
 * the rest of it is normal, something is added at most this often. In 15 abnormal phantoms 0.2 instead of 0.05 raised the
 * lesions found from 17 to 28 of 46, and lowered precision in the 7 of them with large lesions from 1 to 0.94.
 */
export const FURTHER_LEVEL = 0.2;

/**
 * Heights of a further peak as shares of the highest one's. From half of it the two are of one kind; below a tenth lies
 * what the features of a strong lesion still reach into.
 */
const COMPARABLE_SHARE = 0.5;
const LEAST_SHARE = 0.1;

/** What is known of the image as a whole. */
export interface ImageEvidence {
  /** Of its score. */
  readonly pValue: number;
  /** Largest value of its map. */
  readonly maximum: number;
  readonly alpha: number;
  /** Largest map value of each held-out normal image, ascending. */
  readonly normalMaxima: readonly number[];
}

/**
 * P-value up to which a further lesion of the image stays; 0 where none can. Something has to be shown of the image: by
 * its score, or, where a mask is drawn whatever that says, by its map.
 */
function furtherLevel({ pValue, maximum, alpha, normalMaxima }: ImageEvidence): number {
  const shown = Math.max(alpha, smallestPValue(normalMaxima.length));
  const isShown = pValue <= shown || conformalPValue(maximum, normalMaxima) <= shown;
  return isShown ? Math.max(FURTHER_LEVEL, shown) : 0;
}

/**
 * Which further peaks of an abnormal image can be lesions: those that would make an image abnormal by themselves, and
 * those comparable with the highest that few normal images reach. With the second rule alone 62 of 84 lesions from 60
 * pixels on were found in 40 phantoms, some beside much stronger ones; with both 65, as precisely.
 */
export function furtherTest(image: ImageEvidence): PeakTest {
  const most = furtherLevel(image);
  const sure = Math.min(most, image.alpha);
  return (value, share) => {
    const pValue = conformalPValue(value, image.normalMaxima);
    return share >= LEAST_SHARE && pValue <= (share >= COMPARABLE_SHARE ? most : sure);
  };
}

/** What the decoder is asked for beside the highest peak. */
export function furtherPeaksOf(image: ImageEvidence): FurtherPeaks {
  return furtherLevel(image) > 0 ? furtherTest(image) : "none";
}

/**
 * The chosen candidates that stay, without specks. Those of the first lesion always do, so that an image that is not
 * abnormal has one mask at most. In an abnormal image a further one stays where few normal images hold anything as
 * deviant. With too few held-out images to call any abnormal, one counts as such that is beyond all of them.
 * @param map anomaly map in the original frame
 */
export function drawnParts(
  chosen: readonly number[],
  candidates: readonly Candidate[],
  frame: Frame,
  map: ScalarMap,
  image: ImageEvidence,
): DrawnPart[] {
  const most = furtherLevel(image);
  return chosen
    .map((index) => ({ index, mask: withoutSpecks(maskToOriginal(frame, candidates[index].logits)) }))
    .filter(({ index, mask }) => {
      if ((candidates[index].promptSet.lesion ?? 0) === 0) return true;
      const [highest] = findLesions(mask, map, image.normalMaxima);
      return highest !== undefined && highest.pValue <= most;
    });
}
