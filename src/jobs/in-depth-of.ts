import type { MedicalImage, ScalarMap } from "../types.ts";
import { valueRange } from "../util/value-range.ts";

/** Grey values as whole numbers of the image's depth; those of floats are stretched to 16 bits by the image's range. */
export function inDepthOf({ data, ...image }: MedicalImage, grey: ScalarMap): MedicalImage {
  const whole = { ...image, channels: 1 as const };
  if (data instanceof Uint8Array) return { ...whole, data: Uint8Array.from(grey.data, Math.round) };
  if (data instanceof Uint16Array) return { ...whole, data: Uint16Array.from(grey.data, Math.round) };
  const { min, max } = valueRange(data);
  const unit = max > min ? (max - min) / 65535 : 1;
  return { ...whole, data: Uint16Array.from(grey.data, (value) => Math.round((value - min) / unit)) };
}
