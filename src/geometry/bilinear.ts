// Bilinear resampling with half-pixel centres, as torch's interpolate(mode="bilinear", align_corners=False): sample
// i of n lies at (i + 0.5) * length / n - 0.5, held inside the input. No antialiasing when the result is smaller.
// An axis may cover a part of the samples only, so that what would be cropped is never computed.

import type { ScalarMap } from "../types.ts";

/** Where the samples of one axis lie: between input `lower[i]` and `upper[i]`, by `weight[i]` towards the upper. */
export interface BilinearAxis {
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  readonly weight: Float64Array;
}

/**
 * The samples `first` .. `first + count - 1` of `samples` over an input of `length` values; `first` may lie between two.
 */
export function bilinearAxis(length: number, samples: number, first = 0, count = samples): BilinearAxis {
  const axis = {
    lower: new Int32Array(count),
    upper: new Int32Array(count),
    weight: new Float64Array(count),
  };
  const step = length / samples;
  for (let i = 0; i < count; i++) {
    const position = Math.min(length - 1, Math.max(0, (first + i + 0.5) * step - 0.5));
    const lower = Math.floor(position);
    axis.lower[i] = lower;
    axis.upper[i] = Math.min(length - 1, lower + 1);
    axis.weight[i] = position - lower;
  }
  return axis;
}

/** Samples `map` row by row. `emit` gets each row in turn, in one buffer that the next row overwrites. */
export function resampleRows(
  map: ScalarMap,
  columns: BilinearAxis,
  rows: BilinearAxis,
  emit: (row: Float32Array, y: number) => void,
): void {
  const { width, data } = map;
  const count = columns.weight.length;
  const from = columns.lower[0];
  const to = columns.upper[count - 1];
  const blend = new Float64Array(width);
  const row = new Float32Array(count);
  for (let y = 0; y < rows.weight.length; y++) {
    const above = rows.lower[y] * width;
    const below = rows.upper[y] * width;
    const down = rows.weight[y];
    for (let x = from; x <= to; x++) {
      const value = data[above + x];
      blend[x] = value + down * (data[below + x] - value);
    }
    for (let x = 0; x < count; x++) {
      const value = blend[columns.lower[x]];
      row[x] = value + columns.weight[x] * (blend[columns.upper[x]] - value);
    }
    emit(row, y);
  }
}

/** Samples `map` into a map of `columns` x `rows`. */
export function resample(map: ScalarMap, columns: BilinearAxis, rows: BilinearAxis): ScalarMap {
  const width = columns.weight.length;
  const height = rows.weight.length;
  const data = new Float32Array(width * height);
  resampleRows(map, columns, rows, (row, y) => data.set(row, y * width));
  return { width, height, data };
}
