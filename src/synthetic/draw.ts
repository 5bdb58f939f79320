// Draws that the makers of lesions share. No Math.log, Math.exp or Math.cos, see util/prng.ts.

import type { Random } from "../util/prng.ts";

/** A number from `low` to below `high`, each equally likely. */
export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}

/** True with the given probability. */
export function chance(random: Random, probability: number): boolean {
  return random.uniform() < probability;
}

/** A unit vector of any direction. */
export function direction(random: Random): { readonly x: number; readonly y: number } {
  for (;;) {
    const x = between(random, -1, 1);
    const y = between(random, -1, 1);
    const length = Math.sqrt(x * x + y * y);
    if (length > 0.05 && length < 1) return { x: x / length, y: y / length };
  }
}

/** From `least` to `most`: each octave equally likely, and each number in it. */
export function octaves(random: Random, least: number, most: number): number {
  let count = 0;
  while (least * 2 ** (count + 1) < most) count++;
  const octave = least * 2 ** random.integer(count + 1);
  return between(random, octave, Math.min(most, 2 * octave));
}
