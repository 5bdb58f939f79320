/** What is written of a volume. `png`: a mask for each slice. */
export const OUTPUT_TYPES = ["nifti", "dicom_seg", "png"] as const;
export type OutputType = (typeof OUTPUT_TYPES)[number];

/** The types with DICOM segmentations among them. */
export function withSegmentation(types: readonly OutputType[]): readonly OutputType[] {
  return types.includes("dicom_seg") ? types : [...types, "dicom_seg"];
}
