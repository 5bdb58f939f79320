// The paper's descriptor (arXiv 2505.22762): 5 x 5 patches at stride 2 with zero padding 2, each flattened in order
// (channel, row, column), as torch's unfold does, and brought to 1,024 values by adaptive average pooling. A bin is
// the mean of about seven neighbouring values, so it is a small stencil on the padded map: the flattened patches
// (26 MB for 256 channels) are never made.

import type { FeatureMap, PatchGrid } from "../types.ts";

const WINDOW = 5;
const STRIDE = 2;
const PADDING = 2;
/** Values of a descriptor, whatever the channels. */
export const UNFOLDED_DIMS = 1024;

/** Bins computed together: one cache line of the result per patch. */
const BLOCK = 16;

/**
 * [channels, height, width] -> [ceil(height / 2) * ceil(width / 2), 1024]. Bin i is the mean of the flattened values
 * floor(i * n / 1024) .. ceil((i + 1) * n / 1024) - 1 of n = 25 * channels, padding zeros included.
 */
export function unfoldPatches(feature: FeatureMap): PatchGrid {
  const rows = Math.ceil(feature.height / STRIDE);
  const columns = Math.ceil(feature.width / STRIDE);
  const padded = padFeature(feature);
  const bins = poolingBins(padded);
  const data = new Float32Array(rows * columns * UNFOLDED_DIMS);
  const block = new Float32Array(columns * BLOCK);
  for (let first = 0; first < UNFOLDED_DIMS; first += BLOCK) {
    for (let row = 0; row < rows; row++) {
      const corner = row * STRIDE * padded.width;
      for (let b = 0; b < BLOCK; b++) poolBin(padded.data, corner, bins, first + b, block, b, columns);
      for (let column = 0; column < columns; column++) {
        const target = (row * columns + column) * UNFOLDED_DIMS + first;
        for (let b = 0; b < BLOCK; b++) data[target + b] = block[column * BLOCK + b];
      }
    }
  }
  return { rows, columns, dims: UNFOLDED_DIMS, data };
}

/** The map with two zeros on every side, so that a window needs no bounds. */
function padFeature({ name, channels, height, width, data }: FeatureMap): FeatureMap {
  const paddedWidth = width + 2 * PADDING;
  const paddedHeight = height + 2 * PADDING;
  const padded = new Float32Array(channels * paddedHeight * paddedWidth);
  for (let line = 0; line < channels * height; line++) {
    const channel = Math.floor(line / height);
    const y = line - channel * height;
    const target = (channel * paddedHeight + y + PADDING) * paddedWidth + PADDING;
    for (let x = 0; x < width; x++) padded[target + x] = data[line * width + x];
  }
  return { name, channels, height: paddedHeight, width: paddedWidth, data: padded };
}

interface PoolingBins {
  /** Place of each value of a flattened patch in the padded map, from the window's corner in channel 0. */
  readonly places: Int32Array;
  /** Bin i is the mean of the values start[i] .. end[i] - 1. */
  readonly start: Int32Array;
  readonly end: Int32Array;
}

function poolingBins({ channels, height, width }: FeatureMap): PoolingBins {
  const area = WINDOW * WINDOW;
  const length = channels * area;
  const places = Int32Array.from({ length }, (_, i) => {
    const channel = Math.floor(i / area);
    const y = Math.floor((i % area) / WINDOW);
    return (channel * height + y) * width + (i % WINDOW);
  });
  return {
    places,
    start: Int32Array.from({ length: UNFOLDED_DIMS }, (_, i) => Math.floor((i * length) / UNFOLDED_DIMS)),
    end: Int32Array.from({ length: UNFOLDED_DIMS }, (_, i) => Math.ceil(((i + 1) * length) / UNFOLDED_DIMS)),
  };
}

/** One bin of a row of patches, to block[column * BLOCK + slot]. */
function poolBin(
  padded: Float32Array,
  corner: number,
  { places, start, end }: PoolingBins,
  bin: number,
  block: Float32Array,
  slot: number,
  columns: number,
): void {
  const from = start[bin];
  const to = end[bin];
  const share = 1 / (to - from);
  for (let column = 0; column < columns; column++) {
    const origin = corner + column * STRIDE;
    let sum = 0;
    for (let i = from; i < to; i++) sum += padded[origin + places[i]];
    block[column * BLOCK + slot] = sum * share;
  }
}
