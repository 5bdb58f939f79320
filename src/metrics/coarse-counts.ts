// Pixel scores of an image, counted coarsely, so that a thousand AUROCs of resampled images are cheap.
//
// Scores are told apart by the upper 16 bits of their order-preserving key (sign, exponent, 7 bits of mantissa:
// 1 / 128 of the value at most); those that share them tie. A map in standard deviations has one to two thousand
// such keys, and its AUROC moves by about 1e-5. Scores that differ by less than that from one another, as do
// 1000.1 and 1000.2, are not told apart: whoever uses the counts compares with an exact AUROC.

import type { Mask, ScalarMap } from "../types.ts";
import { keyOfBits } from "./float-key.ts";

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
  const counts = [new Uint32Array(KEYS), new Uint32Array(KEYS)] as const;
  for (let i = 0; i < bits.length; i++) {
    const positive = truth !== undefined && truth.data[i] !== 0 ? 1 : 0;
    counts[positive][keyOfBits(bits[i]) >>> 16]++;
  }
  const keys = Uint16Array.from({ length: KEYS }, (_, key) => key).filter(
    (key) => counts[0][key] + counts[1][key] > 0,
  );
  const column = (all: Uint32Array) => Uint32Array.from(keys, (key) => all[key]);
  return { keys, negatives: column(counts[0]), positives: column(counts[1]) };
}

/** AUROCs of the same images in other multiplicities. */
export interface CoarseAuroc {
  /** @param times how often each image counts; null where no positives or no negatives are left */
  of(times: ArrayLike<number>): number | null;
}

/** `images` in the order of the multiplicities to come; null for one without pixels. */
export function createCoarseAuroc(images: readonly (CoarseCounts | null)[]): CoarseAuroc {
  const places = new Int32Array(KEYS).fill(-1);
  for (const image of images) for (const key of image?.keys ?? []) places[key] = 0;
  let length = 0;
  for (let key = 0; key < KEYS; key++) if (places[key] === 0) places[key] = length++;
  const negatives = new Float64Array(length);
  const positives = new Float64Array(length);
  return {
    of(times) {
      negatives.fill(0);
      positives.fill(0);
      for (const [i, image] of images.entries()) {
        if (image === null || times[i] === 0) continue;
        for (let row = 0; row < image.keys.length; row++) {
          const place = places[image.keys[row]];
          negatives[place] += times[i] * image.negatives[row];
          positives[place] += times[i] * image.positives[row];
        }
      }
      return aurocOf(negatives, positives);
    },
  };
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
