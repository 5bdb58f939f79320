import type { FeatureMap, PatchGrid } from "../types.ts";

/**
 * Means over 3 x 3 windows at stride 2: [channels, height, width] -> [ceil(height / 2) * ceil(width / 2), channels].
 * Windows are centred on every second pixel; only their part inside the map counts, as in torch's
 * avg_pool2d(3, stride=2, padding=1, count_include_pad=False).
 */
export function meanPatches(feature: FeatureMap): PatchGrid {
  const { channels, height, width } = feature;
  const rowShares = windowShares(height);
  const columnShares = windowShares(width);
  const [rows, columns] = [rowShares.length, columnShares.length];
  const data = new Float32Array(rows * columns * channels);
  const sums = new Float64Array(width + 2);
  // Channels are the inner loop so that a cache line of the patches is filled while it is near.
  for (let row = 0; row < rows; row++) {
    for (let channel = 0; channel < channels; channel++) {
      sumRows(feature, channel, row, sums);
      writeMeans(sums, columnShares, rowShares[row], data, row * columns * channels + channel, channels);
    }
  }
  return { rows, columns, dims: channels, data };
}

/** Sums down the window's rows inside the map, to sums[1 .. width]; sums[0] and sums[width + 1] stay 0. */
function sumRows(
  { data, height, width }: FeatureMap,
  channel: number,
  row: number,
  sums: Float64Array,
): void {
  const middle = (channel * height + 2 * row) * width;
  const above = row > 0 ? middle - width : -1;
  const below = 2 * row + 1 < height ? middle + width : -1;
  if (above >= 0 && below >= 0) {
    for (let x = 0; x < width; x++) sums[x + 1] = data[above + x] + data[middle + x] + data[below + x];
    return;
  }
  for (let x = 0; x < width; x++) {
    sums[x + 1] = data[middle + x] + (above >= 0 ? data[above + x] : 0) + (below >= 0 ? data[below + x] : 0);
  }
}

/** Writes the means of one channel and row of windows to data[first], data[first + stride] ... */
function writeMeans(
  sums: Float64Array,
  columnShares: Float64Array,
  rowShare: number,
  data: Float32Array,
  first: number,
  stride: number,
): void {
  for (let column = 0, x = 0, out = first; column < columnShares.length; column++, x += 2, out += stride) {
    data[out] = (sums[x] + sums[x + 1] + sums[x + 2]) * columnShares[column] * rowShare;
  }
}

/** One over the number of samples of each window that lie inside an axis of `length` samples. */
function windowShares(length: number): Float64Array {
  return Float64Array.from({ length: Math.ceil(length / 2) }, (_, i) => {
    return 1 / (Math.min(length, 2 * i + 2) - Math.max(0, 2 * i - 1));
  });
}
