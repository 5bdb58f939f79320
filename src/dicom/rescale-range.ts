import type { FrameHeader, PixelLayout, Rescale } from "./instance.ts";
import { FLOAT_MOST } from "./voxel-store.ts";

/** Least and greatest value that a frame's stored bits can become. */
export function valueRangeOf({ bitsStored, signed }: PixelLayout, { slope, intercept }: Rescale): number[] {
  const stored = signed ? [-(2 ** (bitsStored - 1)), 2 ** (bitsStored - 1) - 1] : [0, 2 ** bitsStored - 1];
  return stored.map((value) => slope * value + intercept);
}

/** Of the frames whose rescale makes stored values infinite, rule and value, each once. */
export function oddRescales(layout: PixelLayout, frames: readonly FrameHeader[]): string[] {
  const odd = frames
    .filter(({ rescale }) => valueRangeOf(layout, rescale).some((value) => Math.abs(value) > FLOAT_MOST))
    .map(({ rescale }) => `got slope ${rescale.slope} and intercept ${rescale.intercept}`);
  const rule = "RescaleSlope and RescaleIntercept must keep values within 32-bit floats";
  return [...new Set(odd)].map((got) => `${rule}, ${got}; values beyond are set to 0, check them`);
}
