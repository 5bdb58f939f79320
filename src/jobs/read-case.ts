import type { DatasetCase } from "../io/dataset-layout.ts";
import { readMask } from "../io/read-mask.ts";
import type { Mask, MedicalImage } from "../types.ts";
import type { MaskRule } from "../util/mask-rule.ts";
import { imageFile } from "./open.ts";

/** An image with its truth, which is absent of a good image and where it is not known. */
export interface JudgedImage {
  readonly image: MedicalImage;
  readonly truth?: Mask;
}

/** Reads an image of a data set, with its mask if it has one. */
export async function readCase({ image: file, mask }: DatasetCase, rule: MaskRule): Promise<JudgedImage> {
  const image = await imageFile(file).read();
  return mask === undefined ? { image } : { image, truth: await readMask(mask, rule, image) };
}
