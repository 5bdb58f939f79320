import type { Mask } from "../types.ts";
import { largeComponents } from "../util/components.ts";

/** Components below this share of the largest one's area are specks. */
const SPECK_SHARE = 0.05;

/**
 * A mask without its specks: components (8-neighbours) that are small beside the largest one. A prompt asks for one
 * object, and what a decoder draws far from it in a few pixels is noise of its logits.
 */
export function withoutSpecks(mask: Mask): Mask {
  return largeComponents(mask, SPECK_SHARE);
}
