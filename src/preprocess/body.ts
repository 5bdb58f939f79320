// Where an image shows something, without a model: what is brighter than a share of the image's bright end.

import type { ScalarMap, ValueWindow } from "../types.ts";
import { quantile } from "../util/map-statistics.ts";
import { valueRange } from "../util/value-range.ts";

/** The body is what is brighter than this share of the way from the least value to the 99th percentile. */
const BODY_SHARE = 0.1;
const BRIGHT = 0.99;

/**
 * The values of the body; all where nothing is brighter.
 * @param limit what the body is brighter than
 */
export function bodyValues({ data }: ScalarMap, limit = bodyLimit(data)): Float32Array {
  const body = new Float32Array(data.length);
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i] > limit) body[count++] = data[i];
  return count > 0 ? body.subarray(0, count) : data;
}

/** The body's spread is that between these quantiles. */
const SPREAD: readonly [number, number] = [0.02, 0.98];
/** Share of the image's range below which a spread is made of rounding errors. */
const ROUNDING = 1e-6;

/** How bright the body of an image is. */
export interface BodyBrightness {
  /** What the body is brighter than. */
  readonly limit: number;
  readonly median: number;
  /** From the body's dark to its bright end; Infinity where it has one brightness. */
  readonly spread: number;
}

/** @param limit what the body is brighter than; that of the picture, where bright values were cut for the input */
export function bodyBrightness(image: ScalarMap, limit = bodyLimit(image.data)): BodyBrightness {
  const body = bodyValues(image, limit);
  const [low, median, high] = [SPREAD[0], 0.5, SPREAD[1]].map((share) => quantile(body, share));
  const { min, max } = valueRange(image.data);
  return { limit, median, spread: high - low > ROUNDING * (max - min) ? high - low : Infinity };
}

/** White is so many times as far from black as the median of the body is. */
const MEDIANS_TO_WHITE = 2;

/**
 * Black and white by the body: the image's least value, and twice the body's median above it, or its greatest value
 * where that is less. Equal for images that differ in a gain and an offset.
 * @param limit what the body is brighter than
 */
export function bodyRange(image: ScalarMap, limit = bodyLimit(image.data)): ValueWindow {
  const { min, max } = valueRange(image.data);
  const median = quantile(bodyValues(image, limit), 0.5);
  const high = min + MEDIANS_TO_WHITE * (median - min);
  return { low: min, high: high > min ? Math.min(high, max) : max };
}

/**
 * Mean column of the body's pixels; the middle of the image where there is no body.
 * @param limit what the body is brighter than
 */
export function bodyMiddle({ width, data }: ScalarMap, limit = bodyLimit(data)): number {
  let [sum, count] = [0, 0];
  for (let start = 0; start < data.length; start += width) {
    for (let x = 0; x < width; x++) {
      if (data[start + x] <= limit) continue;
      sum += x;
      count++;
    }
  }
  return count > 0 ? sum / count : (width - 1) / 2;
}

/**
 * The body without its edge: 1 where a pixel and all that are at most `edge` steps (4-neighbours) away are body. What
 * lies beyond the image is not.
 * @param limit what the body is brighter than
 */
export function innerBody({ width, height, data }: ScalarMap, limit: number, edge: number): Uint8Array {
  // Steps to what is no body, with a frame of that around the image.
  const stride = width + 2;
  const steps = new Int32Array(stride * (height + 2));
  for (let y = 0; y < height; y++) {
    for (let x = 0, at = (y + 1) * stride + 1; x < width; x++, at++) {
      if (data[y * width + x] > limit) steps[at] = 1 + Math.min(steps[at - 1], steps[at - stride]);
    }
  }
  const inner = new Uint8Array(data.length);
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1, at = (y + 1) * stride + width; x >= 0; x--, at--) {
      steps[at] = Math.min(steps[at], 1 + Math.min(steps[at + 1], steps[at + stride]));
      if (steps[at] > edge) inner[y * width + x] = 1;
    }
  }
  return inner;
}

/** What the body of an image with these values is brighter than. */
export function bodyLimit(data: Float32Array): number {
  const { min } = valueRange(data);
  return min + BODY_SHARE * (quantile(data, BRIGHT) - min);
}
