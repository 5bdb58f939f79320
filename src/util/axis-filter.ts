// Linear maps of one axis. Resampling and smoothing treat the columns and the rows of a map apart, so a chain of them is
// one banded matrix for each axis, applied once, at a cost that grows with the band and not with the chain.

import type { ScalarMap } from "../types.ts";
import { assert } from "./assert.ts";

/** A banded matrix: output i is the sum over k < band of weights[i * band + k] * input[start[i] + k]. */
export interface AxisFilter {
  readonly inputs: number;
  readonly band: number;
  /** One for each output; never decreases, and start[i] + band is at most `inputs`. */
  readonly start: Int32Array;
  readonly weights: Float64Array;
}

/** An empty filter to add weights to: output i reads `band` inputs from `start(i)` on, held inside the axis. */
export function emptyFilter(
  inputs: number,
  outputs: number,
  band: number,
  start: (output: number) => number,
): AxisFilter {
  const last = inputs - band;
  return {
    inputs,
    band,
    start: Int32Array.from({ length: outputs }, (_, i) => Math.min(last, Math.max(0, start(i)))),
    weights: new Float64Array(outputs * band),
  };
}

/** Adds to the weight with which `input` counts in `output`; it must lie in the band. */
export function addWeight(filter: AxisFilter, output: number, input: number, weight: number): void {
  const { band, start, weights } = filter;
  weights[output * band + input - start[output]] += weight;
}

/** One filter that does what `first` and then `second` do. */
export function chained(first: AxisFilter, second: AxisFilter): AxisFilter {
  const from = (output: number) => first.start[second.start[output]];
  const to = (output: number) => first.start[second.start[output] + second.band - 1] + first.band;
  const outputs = second.start.length;
  let band = 0;
  for (let i = 0; i < outputs; i++) band = Math.max(band, to(i) - from(i));
  const chain = emptyFilter(first.inputs, outputs, band, from);
  for (let i = 0; i < outputs; i++) {
    for (let k = 0; k < second.band; k++) {
      const middle = second.start[i] + k;
      const share = second.weights[i * second.band + k];
      for (let j = 0; j < first.band; j++) {
        addWeight(chain, i, first.start[middle] + j, share * first.weights[middle * first.band + j]);
      }
    }
  }
  return chain;
}

/** The outputs first, first + step, first + 2 step ... of a filter, `count` of them. */
export function everyNth(filter: AxisFilter, first: number, step: number, count: number): AxisFilter {
  const { inputs, band, start, weights } = filter;
  const some = emptyFilter(inputs, count, band, (i) => start[first + i * step]);
  for (let i = 0; i < count; i++) {
    const from = (first + i * step) * band;
    some.weights.set(weights.subarray(from, from + band), i * band);
  }
  return some;
}

/** A map with one filter applied to each of its rows, along x, and another to each of its columns, along y. */
export function filterMap(map: ScalarMap, alongX: AxisFilter, alongY: AxisFilter): ScalarMap {
  assert(
    alongX.inputs === map.width && alongY.inputs === map.height,
    `filters of ${alongX.inputs} x ${alongY.inputs} values for a map of ${map.width} x ${map.height}`,
  );
  const width = alongX.start.length;
  const height = alongY.start.length;
  return { width, height, data: filterY(filterX(map, alongX), width, alongY) };
}

/** [height, width] -> [height, outputs] */
function filterX({ width, height, data }: ScalarMap, { band, start, weights }: AxisFilter): Float64Array {
  const outputs = start.length;
  const result = new Float64Array(height * outputs);
  for (let y = 0, out = 0; y < height; y++) {
    for (let x = 0, w = 0; x < outputs; x++, out++) {
      let sum = 0;
      for (let from = y * width + start[x], to = from + band; from < to; from++)
        sum += weights[w++] * data[from];
      result[out] = sum;
    }
  }
  return result;
}

/** [height, width] -> [outputs, width], by sums of whole rows. */
function filterY(data: Float64Array, width: number, { band, start, weights }: AxisFilter): Float32Array {
  const outputs = start.length;
  const result = new Float32Array(outputs * width);
  const sums = new Float64Array(width);
  for (let y = 0; y < outputs; y++) {
    sums.fill(0);
    for (let k = 0; k < band; k++) {
      const weight = weights[y * band + k];
      const row = (start[y] + k) * width;
      for (let x = 0; x < width; x++) sums[x] += weight * data[row + x];
    }
    result.set(sums, y * width);
  }
  return result;
}
