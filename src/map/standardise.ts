import type { ScalarMap } from "../types.ts";

/** A map in standard deviations from the mean of normal images: (value - mean) / std. `std` must be positive. */
export function standardise(map: ScalarMap, mean: number, std: number): ScalarMap {
  const { width, height } = map;
  const data = new Float32Array(map.data.length);
  for (let i = 0; i < data.length; i++) data[i] = (map.data[i] - mean) / std;
  return { width, height, data };
}
