// Which of the decoder's masks become the result. A chooser sees all candidates and the anomaly map; both cover the
// model's square, but a decoder may draw at another resolution than that of the map.

import { bilinearAxis, resample } from "../geometry/bilinear.ts";
import type { Candidate, ChooserName, Mask, ScalarMap } from "../types.ts";
import { contrast } from "./contrast.ts";

export interface Choice {
  /** One for each candidate; larger is better. */
  readonly qualities: readonly number[];
  /** Indices of the candidates whose union is the result. */
  readonly chosen: readonly number[];
}

export type Chooser = (candidates: readonly Candidate[], map: ScalarMap) => Choice;

/** The choosers by name. */
export const choosers: Readonly<Record<ChooserName, Chooser>> = {
  contrast: chooseByContrast,
  first: chooseFirst,
  union: chooseAll,
};

/** The candidate whose mask stands out most from its surroundings in the map; the first of equals. */
export function chooseByContrast(candidates: readonly Candidate[], map: ScalarMap): Choice {
  const qualities = qualitiesOf(candidates, map);
  let best = 0;
  for (const [i, quality] of qualities.entries()) if (quality > qualities[best]) best = i;
  return { qualities, chosen: Number.isFinite(qualities[best]) ? [best] : [] };
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
  if (candidates.length === 0) return [];
  const { width, height } = candidates[0].logits;
  const sampled = resample(map, bilinearAxis(map.width, width), bilinearAxis(map.height, height));
  return candidates.map(({ logits }) => contrast(positive(logits), sampled));
}

function positive({ width, height, data }: ScalarMap): Mask {
  return { width, height, data: Uint8Array.from(data, (value) => (value > 0 ? 1 : 0)) };
}
