// Pixel scores, counted coarsely, so that a thousand AUROCs of resampled patients are cheap.
//
// Scores are told apart by the upper 16 bits of their order-preserving key (sign, exponent, 7 bits of mantissa:
// 1 / 128 of the value at most); those that share them tie. A map in standard deviations has one to two thousand
// such keys, and its AUROC moves by about 1e-5. Scores that differ by less than that from one another, as do
// 1000.1 and 1000.2, are not told apart: whoever uses the counts compares with an exact AUROC.

import type { Mask, ScalarMap } from "../types.ts";
import { keyOfBits } from "../util/float-key.ts";

const KEYS = 2 ** 16;

/** One row for each key that occurs; the columns have the same length. */
export interface CoarseCounts {
  /** Ascending. */
  readonly keys: Uint16Array;
  readonly negatives: Uint32Array;
  readonly positives: Uint32Array;
}

/** Counts an image; without a truth all pixels are negatives. Values must be finite. */
export function coarseCounts({ data }: ScalarMap, truth?: Mask): CoarseCounts {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const negatives = new Uint32Array(KEYS);
  const positives = new Uint32Array(KEYS);
  for (let i = 0; i < bits.length; i++) {
    const key = keyOfBits(bits[i]) >>> 16;
    if (truth !== undefined && truth.data[i] !== 0) positives[key]++;
    else negatives[key]++;
  }
  return usedRows(negatives, positives);
}

/** The counts of several images together. */
export function summedCounts(images: readonly CoarseCounts[]): CoarseCounts {
  const negatives = new Uint32Array(KEYS);
  const positives = new Uint32Array(KEYS);
  for (const image of images) {
    for (let row = 0; row < image.keys.length; row++) {
      negatives[image.keys[row]] += image.negatives[row];
      positives[image.keys[row]] += image.positives[row];
    }
  }
  return usedRows(negatives, positives);
}

function usedRows(negatives: Uint32Array, positives: Uint32Array): CoarseCounts {
  const used = new Uint16Array(KEYS);
  let length = 0;
  for (let key = 0; key < KEYS; key++) if (negatives[key] + positives[key] > 0) used[length++] = key;
  const keys = used.slice(0, length);
  const rows = { keys, negatives: new Uint32Array(length), positives: new Uint32Array(length) };
  for (let row = 0; row < length; row++) {
    rows.negatives[row] = negatives[keys[row]];
    rows.positives[row] = positives[keys[row]];
  }
  return rows;
}

/**
 * A function from how often each item counts to the AUROC of all of them together, null where no positives or no
 * negatives are left.
 */
export function createCoarseAuroc(
  items: readonly CoarseCounts[],
): (times: ArrayLike<number>) => number | null {
  const all = summedCounts(items);
  const places = new Int32Array(KEYS);
  for (let row = 0; row < all.keys.length; row++) places[all.keys[row]] = row;
  const negatives = new Float64Array(all.keys.length);
  const positives = new Float64Array(all.keys.length);
  const placed = items.map((item) => ({
    places: Int32Array.from(item.keys, (key) => places[key]),
    negatives: item.negatives,
    positives: item.positives.some((count) => count > 0) ? item.positives : null,
  }));
  return (times) => {
    negatives.fill(0);
    positives.fill(0);
    for (const [i, item] of placed.entries()) {
      if (times[i] === 0) continue;
      addTimes(negatives, item.places, item.negatives, times[i]);
      if (item.positives) addTimes(positives, item.places, item.positives, times[i]);
    }
    return aurocOf(negatives, positives);
  };
}

function addTimes(sums: Float64Array, places: Int32Array, counts: Uint32Array, times: number): void {
  for (let row = 0; row < places.length; row++) sums[places[row]] += times * counts[row];
}

/** Counts by ascending score; null where one of them is all zero. */
export function aurocOf(negatives: Float64Array, positives: Float64Array): number | null {
  let below = 0;
  let won = 0;
  let total = 0;
  for (let i = 0; i < negatives.length; i++) {
    won += positives[i] * (below + negatives[i] / 2);
    below += negatives[i];
    total += positives[i];
  }
  return below === 0 || total === 0 ? null : won / (below * total);
}
