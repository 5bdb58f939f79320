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
export async function readCase(item: DatasetCase, rule: MaskRule): Promise<JudgedImage> {
  const image = await imageFile(item.image).read();
  return { image, ...(await readTruth(item, rule, image)) };
}

/** Reads the mask of an image if it has one. */
export async function readTruth(
  { mask }: DatasetCase,
  rule: MaskRule,
  image: MedicalImage,
): Promise<Pick<JudgedImage, "truth">> {
  return mask === undefined ? {} : { truth: await readMask(mask, rule, image) };
}
