// The highest pixel scores of many images in bounded memory, each pixel weighing 1 / (pixels of its image).
//
// At most CAPACITY scores are held. When they are full, equal ones are merged, and the lower half of what is left is
// dropped: from then on only scores at or above the lowest kept one are taken. What is kept is complete above that
// floor, whatever the order of images, and holds CAPACITY / 2 pixels at least. So the rate up to which N images of n
// pixels are known is CAPACITY / 2 / (N n) or more: 1e-4 for sets of up to 6.5e8 pixels.

import { keyOfBits, valueOfKey } from "../util/float-key.ts";

const CAPACITY = 2 ** 17;

// Whole multiples of 2^-44 add up exactly below 2^9, so that sums do not depend on the order of images.
const RESOLUTION = 2 ** 44;

/** Distinct scores and the weight of the pixels that have each. */
export interface WeightedScores {
  /** Descending. */
  readonly scores: Float64Array;
  readonly weights: Float64Array;
}

export interface TopScores {
  /** Takes the scores of one image in; they must be finite. */
  add(scores: Float32Array): void;
  /** What is kept: every score at or above the lowest of them. */
  descending(): WeightedScores;
}

/** `capacity` is a power of two up to 2^17. @default 2^17 */
export function createTopScores(capacity = CAPACITY): TopScores {
  const keys = new Uint32Array(capacity);
  const weights = new Float64Array(capacity);
  let held = 0;
  let floor = 0;
  const compact = (most: number) => {
    const merged = mergedDescending(keys.subarray(0, held), weights);
    held = Math.min(merged.keys.length, most);
    keys.set(merged.keys.subarray(0, held));
    weights.set(merged.weights.subarray(0, held));
    if (merged.keys.length > most) floor = keys[held - 1];
  };
  return {
    add(scores) {
      const bits = new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
      const weight = Math.round(RESOLUTION / scores.length) / RESOLUTION;
      for (let i = 0; i < bits.length; i++) {
        const key = keyOfBits(bits[i]);
        if (key >= floor && held === capacity) compact(capacity / 2);
        if (key < floor) continue;
        keys[held] = key;
        weights[held++] = weight;
      }
    },
    descending() {
      compact(capacity);
      return {
        scores: Float64Array.from(keys.subarray(0, held), valueOfKey),
        weights: weights.slice(0, held),
      };
    },
  };
}

/** Sorts key and position as one number: 32 bits of key above 17 bits of position fit a double's 53. */
function mergedDescending(keys: Uint32Array, weights: Float64Array) {
  const sorted = new Float64Array(keys.length);
  for (let i = 0; i < keys.length; i++) sorted[i] = keys[i] * CAPACITY + i;
  sorted.sort();
  const merged = { keys: new Uint32Array(keys.length), weights: new Float64Array(keys.length) };
  let length = 0;
  for (let rank = sorted.length - 1; rank >= 0; rank--) {
    // A remainder of doubles would be slow.
    const key = Math.floor(sorted[rank] / CAPACITY);
    if (length === 0 || merged.keys[length - 1] !== key) merged.keys[length++] = key;
    merged.weights[length - 1] += weights[sorted[rank] - key * CAPACITY];
  }
  return { keys: merged.keys.subarray(0, length), weights: merged.weights.subarray(0, length) };
}
