import type { Mask } from "../types.ts";
import { componentStats, labelComponents } from "../util/components.ts";

/** Components below this share of the largest one's area are specks. */
const SPECK_SHARE = 0.05;

/**
 * A mask without its specks: components (8-neighbours) that are small beside the largest one. A prompt asks for one
 * object, and what a decoder draws far from it in a few pixels is noise of its logits.
 */
export function withoutSpecks(mask: Mask): Mask {
  const components = labelComponents(mask, 8);
  if (components.count < 2) return mask;
  const areas = componentStats(components).map(({ area }) => area);
  const least = SPECK_SHARE * Math.max(...areas);
  const kept = Uint8Array.from([0, ...areas.map((area) => (area >= least ? 1 : 0))]);
  return { ...mask, data: Uint8Array.from(components.labels, (label) => kept[label]) };
}
