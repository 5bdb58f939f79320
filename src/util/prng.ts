// Seeded random numbers and a stateless hash, the same on every engine.
//
// Generator: xoshiro128** 1.1 (D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS
// 47, 2021; prng.di.unimi.it). Hash: MurmurHash3 x86_32 (A. Appleby, public domain) of three little-endian words.
// Neither is for secrets.
//
// ECMAScript leaves the last bits of Math.log, Math.sin and Math.cos to the engine. Whatever feeds saved data uses
// only what IEEE 754 fixes: + - * / and the square root, which all engines take from the processor.

import { MiasError } from "../errors.ts";

export interface Random {
  /** A multiple of 2^-32 in [0, 1). */
  uniform(): number;
  /** A whole number in 0 .. n - 1, each equally likely; n from 1 to 2^32. */
  integer(n: number): number;
  /** Mean 0, standard deviation 1. */
  normal(): number;
}

const TWO_32 = 4294967296;

/** A generator of its own. `seed` is any safe integer; else MiasError "usage". */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) {
    throw new MiasError("usage", "seed", `seed must be a whole number below 2^53, got ${seed}`);
  }
  const low = seed >>> 0;
  const high = Math.floor(seed / TWO_32) >>> 0;
  const state = Uint32Array.from([0, 1, 2, 3], (i) => hash32(low, high, i));
  const next = () => xoshiro128StarStar(state);
  return {
    uniform: () => next() / TWO_32,
    integer: (n) => boundedInteger(next, n),
    normal: createNormal(next),
  };
}

/** A generator of its own that follows from the next number of `root`. */
export function spawn(root: Random): Random {
  return createRandom(root.integer(TWO_32));
}

/** One step of xoshiro128**: an integer in 0 .. 2^32 - 1. `state` is four words, not all zero, and is advanced. */
export function xoshiro128StarStar(state: Uint32Array): number {
  const result = Math.imul(rotateLeft(Math.imul(state[1], 5), 7), 9) >>> 0;
  const shifted = state[1] << 9;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= shifted;
  state[3] = rotateLeft(state[3], 11);
  return result;
}

/** A well-mixed integer in 0 .. 2^32 - 1 from three integers, of which the low 32 bits count. */
export function hash32(a: number, b: number, c: number): number {
  let hash = murmurRound(murmurRound(murmurRound(0, a), b), c);
  hash ^= 12; // the length in bytes
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function murmurRound(hash: number, word: number): number {
  const mixed = Math.imul(rotateLeft(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
  return (Math.imul(rotateLeft(hash ^ mixed, 13), 5) + 0xe6546b64) | 0;
}

function rotateLeft(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

/** Draws again above the last multiple of n, so that no remainder is favoured. */
function boundedInteger(next: () => number, n: number): number {
  if (!Number.isInteger(n) || n < 1 || n > TWO_32) {
    throw new MiasError("usage", "integer", `the bound must be a whole number from 1 to 2^32, got ${n}`);
  }
  const limit = TWO_32 - (TWO_32 % n);
  let draw = next();
  while (draw >= limit) draw = next();
  return draw % n;
}

/** Marsaglia's polar method (SIAM Review 6, 1964): two normals from a point in the unit disc. */
function createNormal(next: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    let x = 0;
    let y = 0;
    let s = 0;
    do {
      x = (next() + 0.5) / (TWO_32 / 2) - 1;
      y = (next() + 0.5) / (TWO_32 / 2) - 1;
      s = x * x + y * y;
    } while (s >= 1);
    const scale = Math.sqrt((-2 * naturalLog(s)) / s);
    spare = y * scale;
    return x * scale;
  };
}

/** ln x for 0 < x < 1 to about 1e-15, from + - * / alone: x = m / 2^k with m in [0.7, 1.41), ln m as 2 atanh. */
function naturalLog(x: number): number {
  let mantissa = x;
  let halvings = 0;
  while (mantissa < 0.5 * Math.SQRT2) {
    mantissa *= 2;
    halvings++;
  }
  const z = (mantissa - 1) / (mantissa + 1);
  const zz = z * z;
  let series = 0;
  for (let odd = 21; odd >= 1; odd -= 2) series = series * zz + 1 / odd;
  return 2 * z * series - halvings * Math.LN2;
}
