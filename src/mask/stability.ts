import type { ScalarMap } from "../types.ts";

/** Logits that a mask is cut at beside 0. */
const OFFSET = 1;

/**
 * How little a mask hangs on the level of its logits: the area above +1 over the area above -1, which is the
 * intersection over union of these two masks, in [0, 1] (the stability score of SAM's automatic masks); 0 for no area.
 */
export function stability({ data }: ScalarMap): number {
  let [inner, outer] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    if (data[i] > -OFFSET) outer++;
    if (data[i] > OFFSET) inner++;
  }
  return outer === 0 ? 0 : inner / outer;
}
