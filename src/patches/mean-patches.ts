import type { FeatureMap, PatchGrid } from "../types.ts";

/**
 * Means over 3 x 3 windows: [channels, height, width] -> [ceil(height / stride) * ceil(width / stride), channels].
 * Windows are centred on every `stride`-th pixel; only their part inside the map counts, as in torch's
 * avg_pool2d(3, stride, padding=1, count_include_pad=False).
 * @param stride 1 or 2
 */
export function meanPatches(feature: FeatureMap, stride = 2): PatchGrid {
  const { channels, height, width } = feature;
  const rowShares = windowShares(height, stride);
  const columnShares = windowShares(width, stride);
  const [rows, columns] = [rowShares.length, columnShares.length];
  const data = new Float32Array(rows * columns * channels);
  const sums = new Float64Array(width + 2);
  // Channels are the inner loop so that a cache line of the patches is filled while it is near.
  for (let row = 0; row < rows; row++) {
    for (let channel = 0; channel < channels; channel++) {
      sumRows(feature, channel, row * stride, sums);
      const share = rowShares[row];
      for (let column = 0, x = 0, out = row * columns * channels + channel; column < columns; column++) {
        data[out] = (sums[x] + sums[x + 1] + sums[x + 2]) * columnShares[column] * share;
        x += stride;
        out += channels;
      }
    }
  }
  return { rows, columns, dims: channels, data };
}

/** Sums of `y` and the rows beside it inside the map, to sums[1 .. width]; sums[0] and sums[width + 1] stay 0. */
function sumRows({ data, height, width }: FeatureMap, channel: number, y: number, sums: Float64Array): void {
  const middle = (channel * height + y) * width;
  const above = y > 0 ? middle - width : -1;
  const below = y + 1 < height ? middle + width : -1;
  if (above >= 0 && below >= 0) {
    for (let x = 0; x < width; x++) sums[x + 1] = data[above + x] + data[middle + x] + data[below + x];
    return;
  }
  for (let x = 0; x < width; x++) {
    sums[x + 1] = data[middle + x] + (above >= 0 ? data[above + x] : 0) + (below >= 0 ? data[below + x] : 0);
  }
}

/** One over the number of samples of each window that lie inside an axis of `length` samples. */
function windowShares(length: number, stride: number): Float64Array {
  return Float64Array.from({ length: Math.ceil(length / stride) }, (_, i) => {
    return 1 / (Math.min(length, stride * i + 2) - Math.max(0, stride * i - 1));
  });
}
