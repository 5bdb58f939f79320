import { bilinearAxis } from "../geometry/bilinear.ts";
import { type AxisFilter, addWeight, emptyFilter } from "../util/axis-filter.ts";

/**
 * One axis of `length` values brought to `size`, bilinear. With a centre of 0.5 as torch's
 * interpolate(mode="bilinear", align_corners=False).
 * @param centre place of each value in its share of the axis, 0 .. 1
 */
export function upsampling(length: number, size: number, centre = 0.5): AxisFilter {
  const shift = ((0.5 - centre) * size) / length;
  const { lower, upper, weight } = bilinearAxis(length, size, shift);
  const filter = emptyFilter(length, size, Math.min(2, length), (i) => lower[i]);
  for (let i = 0; i < size; i++) {
    addWeight(filter, i, lower[i], 1 - weight[i]);
    addWeight(filter, i, upper[i], weight[i]);
  }
  return filter;
}
