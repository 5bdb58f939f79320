// AUPIMO: how much of an anomalous image's lesion is found while good images have next to no false positives
// (J. Bertoldo, D. Ameln, A. Vaidya, S. Akcay, "AUPIMO: Redefining visual anomaly detection benchmarks with high
// speed and low tolerance", BMVC 2024; the definition is that of anomalib).
//
// At a threshold t the shared false positive rate is the mean over the good images of the share of their pixels that
// score t or more, and an anomalous image's recall is that share of its lesion. The recall is integrated over the
// logarithm of the shared rate from 1e-5 to 1e-4 and divided by log 10; AUPIMO is the mean over anomalous images.
// anomalib takes thresholds from a grid; here every distinct score of the good images is one, which is the limit of
// fine grids. Between two rates the recall goes in a straight line over the logarithm, and differs only where pixels
// of good images and of the lesion tie.

import type { Mask, ScalarMap } from "../types.ts";
import { createTopScores, type WeightedScores } from "./top-scores.ts";

/** Shared false positive rates between which recall counts. */
export const AUPIMO_BOUNDS = { from: 1e-5, to: 1e-4 } as const;

/** Scores kept of one lesion: of a larger one, so many evenly spaced order statistics; recall is 1 / 8192 off at most. */
const MOST_LESION_SCORES = 4096;

export interface RateBounds {
  readonly from: number;
  readonly to: number;
}

export interface AupimoResult {
  /** In [0, 1], or null. */
  readonly mean: number | null;
  /** Why it is null. */
  readonly reason: string | null;
  /** Of each anomalous image with a lesion, in the order of `add`; empty where `mean` is null. */
  readonly images: readonly number[];
}

export interface Aupimo {
  /** Takes in a good image (no truth) or an anomalous one; values must be finite. An empty truth is passed over. */
  add(map: ScalarMap, truth?: Mask): void;
  finish(): AupimoResult;
}

/** Keeps the highest scores of good images (see top-scores.ts) and 4,096 of each lesion. */
export function createAupimo(bounds: RateBounds = AUPIMO_BOUNDS): Aupimo {
  const top = createTopScores();
  const lesions: Float32Array[] = [];
  let good = 0;
  return {
    add(map, truth) {
      if (truth === undefined) {
        top.add(map.data);
        good++;
        return;
      }
      const lesion = valuesInside(map, truth);
      if (lesion.length > 0) lesions.push(thinned(lesion.sort()));
    },
    finish: () => resultOf(sharedRates(top.descending(), good), lesions, bounds, good),
  };
}

function valuesInside({ data }: ScalarMap, truth: Mask): Float32Array {
  const values = new Float32Array(data.length);
  let length = 0;
  for (let i = 0; i < data.length; i++) if (truth.data[i] !== 0) values[length++] = data[i];
  return values.slice(0, length);
}

function thinned(ascending: Float32Array): Float32Array {
  if (ascending.length <= MOST_LESION_SCORES) return ascending;
  const step = ascending.length / MOST_LESION_SCORES;
  return Float32Array.from({ length: MOST_LESION_SCORES }, (_, i) => ascending[Math.floor((i + 0.5) * step)]);
}

/** Thresholds, descending, and the shared false positive rate at each. */
interface SharedRates {
  readonly thresholds: Float64Array;
  readonly rates: Float64Array;
}

function sharedRates({ scores, weights }: WeightedScores, good: number): SharedRates {
  let sum = 0;
  const rates = weights.map((weight) => {
    sum += weight;
    return sum / good;
  });
  return { thresholds: scores, rates };
}

function resultOf(
  shared: SharedRates,
  lesions: readonly Float32Array[],
  bounds: RateBounds,
  good: number,
): AupimoResult {
  const reason = reasonAgainst(shared, lesions.length, bounds, good);
  if (reason !== null) return { mean: null, reason, images: [] };
  const images = lesions.map((lesion) => areaOverLog(shared, lesion, bounds));
  return { mean: images.reduce((sum, value) => sum + value, 0) / images.length, reason: null, images };
}

function reasonAgainst(
  { rates }: SharedRates,
  lesions: number,
  { from, to }: RateBounds,
  good: number,
): string | null {
  if (good === 0 || lesions === 0) {
    return `needs good images and anomalous ones with a truth, got ${good} and ${lesions}`;
  }
  if (rates[0] > from) {
    return `needs good images with a false positive rate of ${from} at some threshold, got ${rates[0].toPrecision(2)} at least`;
  }
  const last = rates[rates.length - 1];
  return last < to
    ? `needs fewer pixels of good images, those kept reach a rate of ${last.toPrecision(2)} and not ${to}`
    : null;
}

/** The mean of the recall over the logarithm of the rate. `lesion` is ascending. */
function areaOverLog(
  { thresholds, rates }: SharedRates,
  lesion: Float32Array,
  { from, to }: RateBounds,
): number {
  let area = 0;
  for (let i = 1; i < rates.length && rates[i - 1] < to; i++) {
    if (rates[i] <= from) continue;
    const before = shareFrom(lesion, thresholds[i], false);
    const after = shareFrom(lesion, thresholds[i], true);
    const steepness = (after - before) / Math.log(rates[i] / rates[i - 1]);
    const left = Math.max(from, rates[i - 1]);
    const right = Math.min(to, rates[i]);
    const middle = before + steepness * Math.log(Math.sqrt(left * right) / rates[i - 1]);
    area += middle * Math.log(right / left);
  }
  return area / Math.log(to / from);
}

/** The share of ascending values above `threshold`, or at least `threshold` where `ties` count. */
function shareFrom(ascending: Float32Array, threshold: number, ties: boolean): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] > threshold || (ties && ascending[middle] === threshold)) high = middle;
    else low = middle + 1;
  }
  return 1 - low / ascending.length;
}
