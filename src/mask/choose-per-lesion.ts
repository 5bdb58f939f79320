// Several lesions: the chooser is run among the candidates of each lesion by itself, and what is drawn twice is dropped.

import type { Candidate, Mask, ScalarMap } from "../types.ts";
import { type Choice, type Chooser, positive } from "./choose.ts";
import { unionOf } from "./union.ts";

/** Two masks are of one lesion where more than this is shared: half, so that it is the larger part. */
const MOST_SHARED = 0.5;

/**
 * The choices of all lesions together, in order of their numbers (`PromptSet.lesion`). A lesion whose mask has an
 * intersection over union above 0.5 with that of an earlier one, or lies inside it by more than half, is left out.
 */
export function choosePerLesion(chooser: Chooser, candidates: readonly Candidate[], map: ScalarMap): Choice {
  const qualities = new Array<number>(candidates.length);
  const chosen: number[] = [];
  const taken: Mask[] = [];
  for (const members of byLesion(candidates)) {
    const choice = chooser(
      members.map((i) => candidates[i]),
      map,
    );
    for (const [k, i] of members.entries()) qualities[i] = choice.qualities[k];
    if (choice.chosen.length === 0) continue;
    const own = choice.chosen.map((k) => members[k]);
    const mask = maskOf(own.map((i) => candidates[i]));
    if (taken.some((earlier) => isSameLesion(mask, earlier))) continue;
    chosen.push(...own);
    taken.push(mask);
  }
  return { qualities, chosen };
}

/** Indices of the candidates of each lesion, the first lesion first. */
function byLesion(candidates: readonly Candidate[]): number[][] {
  const lesions = candidates.map(({ promptSet }) => promptSet.lesion ?? 0);
  const numbers = [...new Set(lesions)].sort((a, b) => a - b);
  return numbers.map((number) => [...lesions.keys()].filter((i) => lesions[i] === number));
}

function maskOf(chosen: readonly Candidate[]): Mask {
  const { width, height } = chosen[0].logits;
  return unionOf(
    chosen.map(({ logits }) => positive(logits)),
    width,
    height,
  );
}

function isSameLesion(later: Mask, earlier: Mask): boolean {
  return areSame(...areas(later.data, earlier.data));
}

/**
 * Whether a mask is of the lesion of an earlier one: more than half of it lies inside that, or their intersection over
 * union is above 0.5.
 * @param own pixels of the mask, `other` of the earlier one, `both` of their intersection
 */
export function areSame(own: number, other: number, both: number): boolean {
  return both > MOST_SHARED * own || both > MOST_SHARED * (own + other - both);
}

/** Pixels of the first, of the second, and of both. */
function areas(first: Uint8Array, second: Uint8Array): [number, number, number] {
  const counts: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < first.length; i++) {
    counts[0] += first[i];
    counts[1] += second[i];
    counts[2] += first[i] & second[i];
  }
  return counts;
}
