import { bilinearAxis, resample } from "../geometry/bilinear.ts";
import type { ScalarMap } from "../types.ts";

/** Logits over the range of the map that is given. */
const LOGIT_SPAN = 20;

/**
 * A map as the logits [size, size] that SAM takes as mask prompt: 20 * (value - middle) / span. SAM learned that input
 * from its own unthresholded logits, so 0 must be the edge and the ends, about -10 and 10, are as sure as its own
 * masks. A straight line keeps the order and the shape of the map.
 * @param middle value of the map at which the edge lies
 * @param span range of the map, above 0
 * @param size side of the decoder's mask prompt, in its pixels
 */
export function mapLogits(map: ScalarMap, middle: number, span: number, size: number): ScalarMap {
  const sampled = resample(map, bilinearAxis(map.width, size), bilinearAxis(map.height, size));
  const scale = LOGIT_SPAN / span;
  return { ...sampled, data: sampled.data.map((value) => (value - middle) * scale) };
}
