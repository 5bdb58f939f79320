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
  const lower = select(data, below);
  return place === below ? lower : lower + (place - below) * (select(data, below + 1) - lower);
}

/** The value of `rank` (0 is the smallest), by its upper and then its lower 16 bits: two passes, whatever the order. */
function select(data: Float32Array, rank: number): number {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const counts = new Uint32Array(65536);
  for (let i = 0; i < bits.length; i++) counts[keyOfBits(bits[i]) >>> 16]++;
  const upper = bucketOf(counts, rank);
  counts.fill(0);
  for (let i = 0; i < bits.length; i++) {
    const key = keyOfBits(bits[i]);
    if (key >>> 16 === upper.bucket) counts[key & 0xffff]++;
  }
  const lower = bucketOf(counts, upper.rest);
  return valueOfKey(((upper.bucket << 16) | lower.bucket) >>> 0);
}

function bucketOf(counts: Uint32Array, rank: number): { readonly bucket: number; readonly rest: number } {
  let rest = rank;
  let bucket = 0;
  while (rest >= counts[bucket]) rest -= counts[bucket++];
  return { bucket, rest };
}
