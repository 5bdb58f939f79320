// Pillow's antialiased bilinear resize (src/libImaging/Resample.c) of an image in its padded square: a separable
// triangle filter whose support grows with the reduction, weights normalised over the taps inside the square.
// The padding is added by its weight alone; the square is never made. Left out: rounding to 8 bits, other filters.

import type { Frame, ScalarMap } from "../types.ts";
import { assert } from "../util/assert.ts";

/** The taps of each output sample that lie in the image; `start` and `end` never decrease. */
interface TriangleTaps {
  readonly start: Int32Array;
  /** One past the last tap. */
  readonly end: Int32Array;
  /** Weight of tap k of sample i at [i * stride + k - start[i]]. */
  readonly weights: Float64Array;
  readonly stride: number;
  /** Weight of the taps in the padding. */
  readonly padding: Float64Array;
}

/**
 * An image [height, width] in the model frame [size, size], as Pillow's mode "F" resizes the padded square with
 * BILINEAR. Memory beyond the result: a row and an accumulator of the result's size.
 * @param background value of the padding
 */
export function resizeToFrame(image: ScalarMap, frame: Frame, background = 0): ScalarMap {
  assert(
    image.width === frame.width && image.height === frame.height,
    `an image of ${image.width} x ${image.height} is not in the frame of ${frame.width} x ${frame.height}`,
  );
  const { size, width, height } = frame;
  const columns = triangleTaps(frame, frame.padLeft, width);
  const rows = triangleTaps(frame, frame.padTop, height);
  const sums = new Float64Array(size * size);
  for (let y = 0; y < size; y++) sums.fill(background * rows.padding[y], y * size, (y + 1) * size);
  const row = new Float64Array(size);
  let first = 0;
  for (let y = 0; y < height; y++) {
    while (first < size && rows.end[first] <= y) first++;
    filterRow(image.data, y * width, columns, background, row);
    for (let target = first; target < size && rows.start[target] <= y; target++) {
      const weight = rows.weights[target * rows.stride + y - rows.start[target]];
      addRow(sums, target * size, row, weight);
    }
  }
  return { width: size, height: size, data: new Float32Array(sums) };
}

/** Pillow's coefficients for a square of `side` samples, split into those in the image and those in the padding. */
function triangleTaps(frame: Frame, pad: number, length: number): TriangleTaps {
  const { side, size } = frame;
  const scale = side / size;
  const support = Math.max(1, scale);
  const stride = Math.min(length, Math.ceil(support) * 2 + 1);
  const start = new Int32Array(size);
  const end = new Int32Array(size);
  const weights = new Float64Array(size * stride);
  const padding = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const centre = (i + 0.5) * scale;
    const from = Math.max(0, Math.floor(centre - support + 0.5));
    const to = Math.min(side, Math.floor(centre + support + 0.5));
    let total = 0;
    for (let k = from; k < to; k++) total += triangle((k - centre + 0.5) / support);
    start[i] = clamp(from - pad, length);
    end[i] = clamp(to - pad, length);
    for (let k = from; k < to; k++) {
      const weight = triangle((k - centre + 0.5) / support) / total;
      const index = k - pad;
      if (index < 0 || index >= length) padding[i] += weight;
      else weights[i * stride + index - start[i]] = weight;
    }
  }
  return { start, end, weights, stride, padding };
}

function triangle(x: number): number {
  return Math.max(0, 1 - Math.abs(x));
}

function clamp(value: number, max: number): number {
  return Math.min(max, Math.max(0, value));
}

function filterRow(
  data: Float32Array,
  offset: number,
  taps: TriangleTaps,
  background: number,
  row: Float64Array,
): void {
  const { start, end, weights, stride, padding } = taps;
  for (let i = 0; i < row.length; i++) {
    let sum = background * padding[i];
    let w = i * stride;
    for (let k = offset + start[i]; k < offset + end[i]; k++) sum += data[k] * weights[w++];
    row[i] = sum;
  }
}

function addRow(sums: Float64Array, offset: number, row: Float64Array, weight: number): void {
  for (let i = 0; i < row.length; i++) sums[offset + i] += weight * row[i];
}
