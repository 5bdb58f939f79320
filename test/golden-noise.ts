// Made numbers that TypeScript and Python (scripts/golden_noise.py) compute bit for bit alike.

import type { FeatureMap } from "../src/types.ts";

/** A 32-bit mix of whole numbers (lowbias32). */
export function hash32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** `length` values k / 65536 in [0, 1). */
export function noise(seed: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => (hash32(i + seed * 2 ** 24) >>> 16) / 65536);
}

/** Whole numbers below 2^18, [channels, 64, 64], bilinear between 12-bit numbers on a lattice of step 8. */
function smooth(seed: number, channels: number): Int32Array {
  const node = (index: number) => hash32(index + seed * 2 ** 20) >>> 20;
  const values = new Int32Array(channels * 4096);
  for (let i = 0; i < values.length; i++) {
    const y = (i >> 6) & 63;
    const x = i & 63;
    const corner = (i >> 12) * 81 + (y >> 3) * 9 + (x >> 3);
    const right = x & 7;
    const above = node(corner) * (8 - right) + node(corner + 1) * right;
    const below = node(corner + 9) * (8 - right) + node(corner + 10) * right;
    values[i] = above * (8 - (y & 7)) + below * (y & 7);
  }
  return values;
}

/** A feature map [channels, 64, 64] in about [-2, 2]: anatomy that all share, an image's own, and an oddity. */
export function madeFeature(image: number, odd: boolean, channels = 256): FeatureMap {
  const shared = smooth(0, channels);
  const own = smooth(1 + image, channels);
  const oddity = smooth(99, channels);
  const data = Float32Array.from(shared, (value, i) => {
    const y = (i >> 6) & 63;
    const x = i & 63;
    const inside = odd && y >= 34 && y < 46 && x >= 18 && x < 28;
    return (4 * value + own[i] - 5 * 2 ** 17 + (inside ? 2 * oddity[i] : 0)) / 2 ** 18;
  });
  return { name: "made", channels, height: 64, width: 64, data };
}
