// Which lesions were found: the 8-connected components of the truth against those of the final mask.

import type { LesionCounts, LesionRules, LesionScore, Mask } from "../types.ts";
import { type Components, componentStats, labelComponents } from "../util/components.ts";

/** A component and a lesion match where their intersection over union is above this. */
export const LEAST_OVERLAP = 0.1;

const OVERLAP = 1;
const CENTRE = 2;

/** What a component matches by, as bits, 0 for nothing; the component of label k is at index k - 1. */
interface Matches {
  readonly truths: Uint8Array;
  readonly predicted: Uint8Array;
  /** Of each lesion of the truth, its greatest intersection over union with a component; 0 for none. */
  readonly overlaps: Float64Array;
}

/**
 * Matches the components of a final mask with those of the truth, of one size. A component's centre is the mean of
 * its pixel centres and belongs to the nearest pixel.
 */
export function matchLesions(mask: Mask, truth: Mask): LesionRules<LesionCounts> {
  const matches = matchComponents(labelComponents(mask, 8), labelComponents(truth, 8));
  return {
    either: count(matches, OVERLAP | CENTRE),
    overlap: count(matches, OVERLAP),
    centre: count(matches, CENTRE),
  };
}

/** Matches the components of a final mask with those of the truth, by both rules. */
export function matchComponents(predicted: Components, truths: Components): Matches {
  const matches = {
    truths: new Uint8Array(truths.count),
    predicted: new Uint8Array(predicted.count),
    overlaps: new Float64Array(truths.count),
  };
  if (truths.count > 0 && predicted.count > 0) {
    markOverlaps(matches, predicted, truths);
    markCentres(matches, predicted, truths);
  }
  return matches;
}

function markOverlaps(matches: Matches, predicted: Components, truths: Components): void {
  const shared = new Map<number, number>();
  for (let i = 0; i < truths.labels.length; i++) {
    if (truths.labels[i] === 0 || predicted.labels[i] === 0) continue;
    const pair = (truths.labels[i] - 1) * predicted.count + predicted.labels[i] - 1;
    shared.set(pair, (shared.get(pair) ?? 0) + 1);
  }
  const areas = { truths: areasOf(truths), predicted: areasOf(predicted) };
  for (const [pair, both] of shared) {
    const b = pair % predicted.count;
    const a = (pair - b) / predicted.count;
    const overlap = both / (areas.truths[a] + areas.predicted[b] - both);
    matches.overlaps[a] = Math.max(matches.overlaps[a], overlap);
    if (overlap <= LEAST_OVERLAP) continue;
    matches.truths[a] |= OVERLAP;
    matches.predicted[b] |= OVERLAP;
  }
}

function areasOf(components: Components): number[] {
  return componentStats(components).map(({ area }) => area);
}

function markCentres(matches: Matches, predicted: Components, truths: Components): void {
  for (const [b, { centre }] of componentStats(predicted).entries()) {
    const label = truths.labels[Math.round(centre.y) * truths.width + Math.round(centre.x)];
    if (label === 0) continue;
    matches.truths[label - 1] |= CENTRE;
    matches.predicted[b] |= CENTRE;
  }
}

function count({ truths, predicted }: Matches, rules: number): LesionCounts {
  const matching = (bits: Uint8Array) =>
    bits.reduce((sum, value) => sum + ((value & rules) === 0 ? 0 : 1), 0);
  return {
    truths: truths.length,
    found: matching(truths),
    predicted: predicted.length,
    matched: matching(predicted),
  };
}

/** Recall, precision and F1 of the lesions of several images together, by each rule. */
export function scoreLesions(images: readonly LesionRules<LesionCounts>[]): LesionRules<LesionScore> {
  return {
    either: scoreOf(images.map(({ either }) => either)),
    overlap: scoreOf(images.map(({ overlap }) => overlap)),
    centre: scoreOf(images.map(({ centre }) => centre)),
  };
}

function scoreOf(images: readonly LesionCounts[]): LesionScore {
  const total = (key: keyof LesionCounts) => images.reduce((sum, counts) => sum + counts[key], 0);
  const counts = {
    truths: total("truths"),
    found: total("found"),
    predicted: total("predicted"),
    matched: total("matched"),
  };
  const recall = counts.truths === 0 ? null : counts.found / counts.truths;
  const precision = counts.predicted === 0 ? null : counts.matched / counts.predicted;
  return { ...counts, recall, precision, f1: harmonicMean(recall, precision) };
}

function harmonicMean(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return null;
  return a + b === 0 ? 0 : (2 * a * b) / (a + b);
}
