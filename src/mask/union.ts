import type { Mask } from "../types.ts";

/** The union of masks of one size. */
export function unionOf(masks: readonly Mask[], width: number, height: number): Mask {
  const data = new Uint8Array(width * height);
  for (const mask of masks) for (const [i, value] of mask.data.entries()) data[i] |= value;
  return { width, height, data };
}
