import type { DecodedFrame } from "./codecs/codec.ts";
import type { LookupTable, PixelLayout, Rescale } from "./instance.ts";

/** Whole numbers that fit 32 bits, or anything. */
export type ValueArray = Int32Array | Float64Array;

/** The stored values of a frame: the meaningful bits alone, with their sign where the file says that they have one. */
export function storedValues({ samples, bits, lowBit }: DecodedFrame, { signed }: PixelLayout): ValueArray {
  if (bits === 32 && !signed) return Float64Array.from(samples);
  const values = new Int32Array(samples.length);
  const left = 32 - bits - lowBit;
  const right = 32 - bits;
  if (signed) for (let at = 0; at < values.length; at++) values[at] = (samples[at] << left) >> right;
  else for (let at = 0; at < values.length; at++) values[at] = (samples[at] << left) >>> right;
  return values;
}

/** Values of a table; those below its first entry or beyond its last take these (DICOM PS3.3 C.11.1.1.1). */
export function lookedUp(stored: ValueArray, { first, values }: LookupTable): Int32Array {
  const last = values.length - 1;
  return Int32Array.from(stored, (value) => values[Math.min(Math.max(value - first, 0), last)]);
}

/** slope * stored + intercept; whole numbers where both factors are whole and the result fits. */
export function rescaled(stored: ValueArray, { slope, intercept }: Rescale): ValueArray {
  if (slope === 1 && intercept === 0) return stored;
  const isWhole = Number.isInteger(slope) && Number.isInteger(intercept) && stored instanceof Int32Array;
  const fits = Math.abs(slope) * 65536 + Math.abs(intercept) < 2 ** 31;
  const values =
    isWhole && fits && isShort(stored) ? new Int32Array(stored.length) : new Float64Array(stored.length);
  for (let at = 0; at < values.length; at++) values[at] = slope * stored[at] + intercept;
  return values;
}

function isShort(values: ValueArray): boolean {
  return values.every((value) => value >= -65536 && value <= 65536);
}
