/**
 * Order-preserving keys of float32 values: a < b as numbers just when key(a) < key(b) as uint32, and -0 equals 0.
 * (A non-negative float's bits already ascend; a negative one's descend, so they are flipped below them.)
 * `bits` is the IEEE 754 pattern of a number that is not NaN.
 */
export function keyOfBits(bits: number): number {
  if (bits >>> 31 === 0) return (bits | 0x80000000) >>> 0;
  const flipped = ~bits >>> 0;
  return flipped === 0x7fffffff ? 0x80000000 : flipped;
}

// One word, seen both ways.
const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

/** The float32 value of a key. */
export function valueOfKey(key: number): number {
  word[0] = key >>> 31 === 1 ? key ^ 0x80000000 : ~key;
  return float[0];
}

/** Whether a float32 of this pattern is NaN or infinite. */
export function isNonFinite(bits: number): boolean {
  return (bits & 0x7f800000) === 0x7f800000;
}
