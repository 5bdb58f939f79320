import { MiasError } from "../errors.ts";
import type { Mask, MedicalImage } from "../types.ts";
import { type MaskRule, maskPredicate } from "../util/mask-rule.ts";
import { readImage } from "./read-image.ts";

/** Width and height that a mask must have: those of its image. */
export interface ExpectedSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Reads a mask file; a pixel belongs to the lesion where the largest of its channels meets `rule`.
 *
 * Throws MiasError `mask-mismatch` where the size is not the image's, or where a rule for 8-bit values meets a mask of
 * another depth; and what readImage throws.
 */
export async function readMask(
  path: string,
  rule: MaskRule,
  expected: ExpectedSize,
  signal?: AbortSignal,
): Promise<Mask> {
  const image = await readImage(path, signal);
  const { width, height } = image;
  if (width !== expected.width || height !== expected.height) {
    const sizes = `${expected.width} x ${expected.height}, got ${width} x ${height}`;
    const message = `mask ${path} must have the size of its image, ${sizes}; draw it again on the image`;
    throw new MiasError("mask-mismatch", path, message);
  }
  if (rule !== ">0" && !(image.data instanceof Uint8Array)) {
    const message = `mask ${path} must have 8 bits for the rule "${rule}", got more; use the rule ">0" or convert it`;
    throw new MiasError("mask-mismatch", path, message);
  }
  return { width, height, data: lesionPixels(image, maskPredicate(rule)) };
}

function lesionPixels({ channels, data }: MedicalImage, isLesion: (value: number) => boolean): Uint8Array {
  const mask = new Uint8Array(data.length / channels);
  for (let pixel = 0; pixel < mask.length; pixel++) {
    let largest = data[pixel * channels];
    for (let channel = 1; channel < channels; channel++) {
      largest = Math.max(largest, data[pixel * channels + channel]);
    }
    mask[pixel] = isLesion(largest) ? 1 : 0;
  }
  return mask;
}
