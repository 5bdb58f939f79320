import type { Mask } from "../types.ts";

/** The union of masks of one size. */
export function unionOf(masks: readonly Mask[], width: number, height: number): Mask {
  const data = new Uint8Array(width * height);
  for (const mask of masks) for (let i = 0; i < data.length; i++) data[i] |= mask.data[i];
  return { width, height, data };
}
