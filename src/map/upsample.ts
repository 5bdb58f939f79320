import { bilinearAxis } from "../geometry/bilinear.ts";
import { type AxisFilter, addWeight, emptyFilter } from "../util/axis-filter.ts";

/**
 * One axis of `length` values brought to `size`, bilinear with half-pixel centres, as torch's
 * interpolate(mode="bilinear", align_corners=False).
 */
export function upsampling(length: number, size: number): AxisFilter {
  const { lower, upper, weight } = bilinearAxis(length, size);
  const filter = emptyFilter(length, size, Math.min(2, length), (i) => lower[i]);
  for (let i = 0; i < size; i++) {
    addWeight(filter, i, lower[i], 1 - weight[i]);
    addWeight(filter, i, upper[i], weight[i]);
  }
  return filter;
}
