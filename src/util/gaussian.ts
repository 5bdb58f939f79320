import type { ScalarMap } from "../types.ts";
import { type AxisFilter, addWeight, emptyFilter, filterMap } from "./axis-filter.ts";

/** The kernel ends at this many standard deviations. */
const TRUNCATE = 4;

/**
 * Gaussian smoothing as scipy.ndimage.gaussian_filter does it by default: kernel cut at 4 sigma, edges mirrored
 * with the edge pixel repeated ("reflect").
 * @param sigma standard deviation in pixels; 0 copies the map
 */
export function gaussian(map: ScalarMap, sigma: number): ScalarMap {
  return filterMap(map, gaussianFilter(map.width, sigma), gaussianFilter(map.height, sigma));
}

/** The same along one axis of `length` pixels. */
export function gaussianFilter(length: number, sigma: number): AxisFilter {
  const kernel = halfKernel(sigma);
  const radius = kernel.length - 1;
  const band = Math.min(length, 2 * radius + 1);
  const filter = emptyFilter(length, length, band, (x) => x - radius);
  for (let x = 0; x < length; x++) {
    for (let k = -radius; k <= radius; k++)
      addWeight(filter, x, mirrored(x + k, length), kernel[Math.abs(k)]);
  }
  return filter;
}

/** Weights at distance 0, 1, ... from the centre; both sides together sum to 1. */
function halfKernel(sigma: number): Float64Array {
  if (sigma === 0) return Float64Array.of(1);
  const radius = Math.floor(TRUNCATE * sigma + 0.5);
  const kernel = Float64Array.from({ length: radius + 1 }, (_, i) =>
    Math.exp((-0.5 * i * i) / (sigma * sigma)),
  );
  const total = kernel.reduce((sum, weight) => sum + 2 * weight, -kernel[0]);
  return kernel.map((weight) => weight / total);
}

/** Where a sample beyond the edges comes from: d c b a | a b c d | d c b a. */
function mirrored(index: number, length: number): number {
  const period = 2 * length;
  const place = ((index % period) + period) % period;
  return place < length ? place : period - 1 - place;
}
