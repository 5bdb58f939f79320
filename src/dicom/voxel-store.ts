import type { VoxelArray } from "../volume-types.ts";
import type { ValueArray } from "./stored-values.ts";

/** Values as they come, slice by slice, in the smallest type that holds them all. */
export interface VoxelStore {
  /** Puts values from voxel `offset` on. NaN and infinities become 0 and are counted. */
  put(offset: number, values: ValueArray): void;
  data(): VoxelArray;
  nonFinite(): number;
}

/** The largest finite 32-bit float. */
export const FLOAT_MOST = 3.4028234663852886e38;

/** What a type holds exactly. */
function holds(data: VoxelArray, low: number, high: number): boolean {
  if (data instanceof Uint8Array) return low >= 0 && high <= 255;
  if (data instanceof Uint16Array) return low >= 0 && high <= 65535;
  if (data instanceof Int16Array) return low >= -32768 && high <= 32767;
  return true;
}

/** The smallest array for whole numbers of a range; that of every voxel before may be part of the range. */
function arrayFor(length: number, low: number, high: number, whole: boolean): VoxelArray {
  if (!whole) return new Float32Array(length);
  if (low >= 0 && high <= 255) return new Uint8Array(length);
  if (low >= 0 && high <= 65535) return new Uint16Array(length);
  if (low >= -32768 && high <= 32767) return new Int16Array(length);
  return new Float32Array(length);
}

/**
 * A store of `length` voxels whose values are expected from `low` to `high`, whole numbers or not: with the right
 * guess, which the header gives, nothing is ever copied. A value that does not fit makes the store wider.
 */
export function createVoxelStore(length: number, low: number, high: number, whole: boolean): VoxelStore {
  let data = arrayFor(length, low, high, whole);
  let least = 0;
  let most = 0;
  let nonFinite = 0;
  const widenFor = (values: ValueArray) => {
    const range = rangeOf(values);
    least = Math.min(least, range.low);
    most = Math.max(most, range.high);
    const fits = holds(data, range.low, range.high) && (range.whole || data instanceof Float32Array);
    if (fits) return;
    const wider = arrayFor(length, least, most, range.whole);
    wider.set(data);
    data = wider;
  };
  return {
    put(offset, values) {
      nonFinite += zeroNonFinite(values);
      widenFor(values);
      data.set(values, offset);
    },
    data: () => data,
    nonFinite: () => nonFinite,
  };
}

/** Sets what is no finite 32-bit float to 0, in place; returns how many there were. */
function zeroNonFinite(values: ValueArray): number {
  if (values instanceof Int32Array) return 0;
  let count = 0;
  for (let at = 0; at < values.length; at++) {
    if (Math.abs(values[at]) <= FLOAT_MOST) continue;
    values[at] = 0;
    count++;
  }
  return count;
}

function rangeOf(values: ValueArray): { low: number; high: number; whole: boolean } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let whole = true;
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (value < low) low = value;
    if (value > high) high = value;
    whole &&= Number.isInteger(value);
  }
  return { low, high, whole };
}
