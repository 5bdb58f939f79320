import type { Mask } from "../types.ts";

/**
 * How much each mask agrees with the others: its mean DICE with them, in [0, 1]; 1 for a mask that is alone.
 * @param weights how many masks each one stands for; its own further copies count as others. One of weight 0 is
 * measured by the others and has no say itself.
 */
export function agreements(masks: readonly Mask[], weights: readonly number[]): number[] {
  const packed = masks.map(({ data }) => packedBits(data));
  const areas = packed.map((bits) => sharedBits(bits, bits));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const copies = weights.map((weight) => Math.max(0, weight - 1));
  const sums = [...copies];
  for (let a = 0; a < masks.length; a++) {
    for (let b = a + 1; b < masks.length; b++) {
      const area = areas[a] + areas[b];
      const dice = area === 0 ? 1 : (2 * sharedBits(packed[a], packed[b])) / area;
      sums[a] += weights[b] * dice;
      sums[b] += weights[a] * dice;
    }
  }
  return sums.map((sum, i) => {
    const others = total - weights[i] + copies[i];
    return others === 0 ? 1 : sum / others;
  });
}

/** A mask of 0 and 1 with 32 pixels a word, since every pair of masks is compared. */
function packedBits(mask: Uint8Array): Uint32Array {
  const words = new Uint32Array(Math.ceil(mask.length / 32));
  for (let i = 0; i < mask.length; i++) words[i >>> 5] |= mask[i] << (i & 31);
  return words;
}

/** How many bits are set in both. */
function sharedBits(a: Uint32Array, b: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) count += bitCount(a[i] & b[i]);
  return count;
}

/** Bits set in a word of 32: sums of pairs, of fours, of bytes (Warren, "Hacker's Delight", 5-1). */
function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
