import { bilinearAxis, resample } from "../geometry/bilinear.ts";
import type { ScalarMap } from "../types.ts";

/**
 * A map brought to [size, size], bilinear with half-pixel centres, as torch's
 * interpolate(mode="bilinear", align_corners=False).
 */
export function upsample(map: ScalarMap, size: number): ScalarMap {
  return resample(map, bilinearAxis(map.width, size), bilinearAxis(map.height, size));
}
