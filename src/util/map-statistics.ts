import type { ScalarMap } from "../types.ts";
import { assert } from "./assert.ts";
import { keyOfBits, valueOfKey } from "./float-key.ts";

/** Largest value of a map and its first place, `index` = row * width + column. */
export function mapMaximum({ data }: ScalarMap): { readonly value: number; readonly index: number } {
  let index = 0;
  for (let i = 1; i < data.length; i++) {
    if (data[i] > data[index]) index = i;
  }
  return { value: data[index], index };
}

/** The exact median of a map of finite values; of an even number, the mean of the two in the middle. */
export function mapMedian({ data }: ScalarMap): number {
  return quantile(data, 0.5);
}

/** The value below which `share` of finite values lies, interpolated between neighbours as numpy.quantile does. */
export function quantile(data: Float32Array, share: number): number {
  assert(data.length > 0, "no values have no quantile");
  const place = share * (data.length - 1);
  const below = Math.floor(place);
  const [lower, upper] = neighbours(data, below);
  return place === below ? lower : lower + (place - below) * (upper - lower);
}

/**
 * The values of `rank` (0 is the smallest) and of the next rank (of the largest: itself), by their upper and then their
 * lower 16 bits: two passes, seldom three, whatever the order.
 */
function neighbours(data: Float32Array, rank: number): [number, number] {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const counts = new Uint32Array(65536);
  for (let i = 0; i < bits.length; i++) counts[keyOfBits(bits[i]) >>> 16]++;
  const first = bucketOf(counts, rank);
  const next = bucketOf(counts, Math.min(rank + 1, bits.length - 1));
  countLower(bits, first.bucket, counts);
  const value = valueIn(counts, first);
  if (next.bucket !== first.bucket) countLower(bits, next.bucket, counts);
  return [value, valueIn(counts, next)];
}

/** Counts the lower 16 bits of the keys with these upper ones. */
function countLower(bits: Uint32Array, upper: number, counts: Uint32Array): void {
  counts.fill(0);
  for (let i = 0; i < bits.length; i++) {
    const key = keyOfBits(bits[i]);
    if (key >>> 16 === upper) counts[key & 0xffff]++;
  }
}

/** The value with the upper bits of a bucket whose lower bits were counted. */
function valueIn(counts: Uint32Array, { bucket, rest }: Bucket): number {
  return valueOfKey(((bucket << 16) | bucketOf(counts, rest).bucket) >>> 0);
}

interface Bucket {
  readonly bucket: number;
  /** Rank within the bucket. */
  readonly rest: number;
}

function bucketOf(counts: Uint32Array, rank: number): Bucket {
  let rest = rank;
  let bucket = 0;
  while (rest >= counts[bucket]) rest -= counts[bucket++];
  return { bucket, rest };
}
