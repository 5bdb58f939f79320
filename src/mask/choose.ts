// Which of the decoder's masks become the result. A chooser sees all candidates and the anomaly map; both cover the
// model's square, but a decoder may draw at another resolution than that of the map.

import { bilinearAxis, resample } from "../geometry/bilinear.ts";
import type { Candidate, ChooserName, Mask, ScalarMap } from "../types.ts";
import { agreements } from "./agreement.ts";
import { contrast } from "./contrast.ts";
import { stability } from "./stability.ts";

export interface Choice {
  /** One for each candidate; larger is better. */
  readonly qualities: readonly number[];
  /** Indices of the candidates whose union is the result. */
  readonly chosen: readonly number[];
}

export type Chooser = (candidates: readonly Candidate[], map: ScalarMap) => Choice;

/** The choosers by name. */
export const choosers: Readonly<Record<ChooserName, Chooser>> = {
  "contrast-stability": chooseByContrastAndStability,
  "contrast-agreement": chooseByContrastAndAgreement,
  contrast: chooseByContrast,
  first: chooseFirst,
  union: chooseAll,
};

/**
 * The candidate with the greatest product of contrast, square root of agreement with the others, and stability of its
 * edge; the first of equals. A mask that stands out is right more often where neither a change of the prompt nor one
 * of the logits' level moves it.
 */
export function chooseByContrastAndStability(candidates: readonly Candidate[], map: ScalarMap): Choice {
  return bestSupported(candidates, map, (agreement, { logits }) => Math.sqrt(agreement) * stability(logits));
}

/**
 * The candidate with the greatest product of contrast and agreement with the other candidates; the first of equals.
 * A mask that stands out is right more often where small changes of the prompt leave it as it is.
 */
export function chooseByContrastAndAgreement(candidates: readonly Candidate[], map: ScalarMap): Choice {
  return bestSupported(candidates, map, (agreement) => agreement);
}

/** The best by contrast times what else speaks for a mask, a factor in [0, 1]; a contrast of 0 and less stays as it is. */
function bestSupported(
  candidates: readonly Candidate[],
  map: ScalarMap,
  support: (agreement: number, candidate: Candidate) => number,
): Choice {
  const masks = candidates.map(({ logits }) => positive(logits));
  const weights = candidates.map(({ promptSet }) => promptSet.weight ?? 1);
  const agreement = agreements(masks, weights);
  const contrasts = contrastsOf(masks, map);
  return best(
    contrasts.map((value, i) => (value > 0 ? value * support(agreement[i], candidates[i]) : value)),
  );
}

/** The candidate whose mask stands out most from its surroundings in the map; the first of equals. */
export function chooseByContrast(candidates: readonly Candidate[], map: ScalarMap): Choice {
  return best(qualitiesOf(candidates, map));
}

function best(qualities: readonly number[]): Choice {
  let at = 0;
  for (const [i, quality] of qualities.entries()) if (quality > qualities[at]) at = i;
  return { qualities, chosen: Number.isFinite(qualities[at]) ? [at] : [] };
}

/** The first candidate, which of three alternatives is the finest (the published rule). */
export function chooseFirst(candidates: readonly Candidate[], map: ScalarMap): Choice {
  return { qualities: qualitiesOf(candidates, map), chosen: candidates.length > 0 ? [0] : [] };
}

/** All candidates together (the published box path). */
export function chooseAll(candidates: readonly Candidate[], map: ScalarMap): Choice {
  return { qualities: qualitiesOf(candidates, map), chosen: candidates.map((_, i) => i) };
}

function qualitiesOf(candidates: readonly Candidate[], map: ScalarMap): number[] {
  return contrastsOf(
    candidates.map(({ logits }) => positive(logits)),
    map,
  );
}

function contrastsOf(masks: readonly Mask[], map: ScalarMap): number[] {
  if (masks.length === 0) return [];
  const { width, height } = masks[0];
  const sampled = resample(map, bilinearAxis(map.width, width), bilinearAxis(map.height, height));
  return masks.map((mask) => contrast(mask, sampled));
}

/** 1 where a logit is above 0. */
export function positive({ width, height, data }: ScalarMap): Mask {
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) mask[i] = data[i] > 0 ? 1 : 0;
  return { width, height, data: mask };
}
