import { MiasError } from "../errors.ts";
import type { Mask } from "../types.ts";
import type { ThresholdTable } from "./threshold-table.ts";

/** How two masks of one size overlap, in pixels. */
export interface Overlap {
  readonly both: number;
  readonly first: number;
  readonly second: number;
}

/** Counts; MiasError "mask-mismatch" where the sizes differ. */
export function overlapOf(first: Mask, second: Mask): Overlap {
  if (first.width !== second.width || first.height !== second.height) {
    const sizes = `${first.width} x ${first.height} and ${second.width} x ${second.height}`;
    throw new MiasError("mask-mismatch", "masks", `masks must have one size, got ${sizes}`);
  }
  const counts = { both: 0, first: 0, second: 0 };
  for (let i = 0; i < first.data.length; i++) {
    const a = first.data[i] === 0 ? 0 : 1;
    const b = second.data[i] === 0 ? 0 : 1;
    counts.both += a & b;
    counts.first += a;
    counts.second += b;
  }
  return counts;
}

/** 2 |A and B| / (|A| + |B|), in [0, 1]; two empty masks agree: 1. */
export function diceOf({ both, first, second }: Overlap): number {
  return first + second === 0 ? 1 : (2 * both) / (first + second);
}

/** |A and B| / |A or B|, in [0, 1]; two empty masks agree: 1. */
export function iouOf({ both, first, second }: Overlap): number {
  return first + second === 0 ? 1 : both / (first + second - both);
}

/** DICE of two masks of one size. */
export function dice(first: Mask, second: Mask): number {
  return diceOf(overlapOf(first, second));
}

/** Intersection over union (Jaccard index) of two masks of one size. */
export function iou(first: Mask, second: Mask): number {
  return iouOf(overlapOf(first, second));
}

export interface BestThreshold {
  readonly dice: number;
  /** {score >= threshold} is the mask. */
  readonly threshold: number;
}

/**
 * The greatest DICE that one threshold over all items reaches, chosen with the truth known: an upper bound for
 * thresholding. The highest such threshold is given. Null where there are no positives.
 */
export function bestThresholdDice(table: ThresholdTable): BestThreshold | null {
  const { thresholds, negatives, positives, totals } = table;
  if (totals.positives === 0) return null;
  let best: BestThreshold = { dice: -1, threshold: Infinity };
  let called = 0;
  let both = 0;
  for (let i = 0; i < thresholds.length; i++) {
    called += positives[i] + negatives[i];
    both += positives[i];
    const value = diceOf({ both, first: called, second: totals.positives });
    if (value > best.dice) best = { dice: value, threshold: thresholds[i] };
  }
  return best;
}
