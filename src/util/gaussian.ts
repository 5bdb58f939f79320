import type { ScalarMap } from "../types.ts";

/** The kernel ends at this many standard deviations. */
const TRUNCATE = 4;

/**
 * Gaussian smoothing as scipy.ndimage.gaussian_filter does it by default: kernel cut at 4 sigma, edges mirrored
 * with the edge pixel repeated ("reflect").
 * @param sigma standard deviation in pixels; 0 copies the map
 */
export function gaussian(map: ScalarMap, sigma: number): ScalarMap {
  const { width, height } = map;
  if (sigma === 0) return { width, height, data: map.data.slice() };
  const kernel = halfKernel(sigma);
  const across = smoothToColumns(map.data, width, height, kernel);
  return { width, height, data: smoothToColumns(across, height, width, kernel) };
}

/** Weights at distance 0, 1, ... from the centre; both sides together sum to 1. */
function halfKernel(sigma: number): Float64Array {
  const radius = Math.floor(TRUNCATE * sigma + 0.5);
  const kernel = Float64Array.from({ length: radius + 1 }, (_, i) =>
    Math.exp((-0.5 * i * i) / (sigma * sigma)),
  );
  const total = kernel.reduce((sum, weight) => sum + 2 * weight, -kernel[0]);
  return kernel.map((weight) => weight / total);
}

/** Smooths each row [height, width] and writes it as a column: two passes make both axes, and the shape is back. */
function smoothToColumns(
  data: Float32Array,
  width: number,
  height: number,
  kernel: Float64Array,
): Float32Array {
  const radius = kernel.length - 1;
  const result = new Float32Array(data.length);
  const mirror = mirrorIndices(width, radius);
  const line = new Float64Array(mirror.length);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    for (let i = 0; i < line.length; i++) line[i] = data[start + mirror[i]];
    for (let x = 0, out = y; x < width; x++, out += height) {
      const centre = x + radius;
      let sum = kernel[0] * line[centre];
      for (let k = 1; k <= radius; k++) sum += kernel[k] * (line[centre - k] + line[centre + k]);
      result[out] = sum;
    }
  }
  return result;
}

/** Where the samples -radius .. length - 1 + radius come from: d c b a | a b c d | d c b a. */
function mirrorIndices(length: number, radius: number): Int32Array {
  const period = 2 * length;
  return Int32Array.from({ length: length + 2 * radius }, (_, i) => {
    const place = (((i - radius) % period) + period) % period;
    return place < length ? place : period - 1 - place;
  });
}
