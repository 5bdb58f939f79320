import type { DicomItem } from "./object-elements.ts";

/** A concept of a terminology, e.g. `52988006`, `SCT`, `Lesion`. */
export interface CodedConcept {
  /** At most 16 characters. */
  readonly value: string;
  /** Coding scheme designator: `SCT`, `DCM`, `UCUM` ... */
  readonly scheme: string;
  /** At most 64 characters. */
  readonly meaning: string;
}

const concept = (value: string, scheme: string, meaning: string): CodedConcept => ({
  value,
  scheme,
  meaning,
});

export const CODES = {
  abnormalStructure: concept("49755003", "SCT", "Morphologically Abnormal Structure"),
  lesion: concept("52988006", "SCT", "Lesion"),
  body: concept("38266002", "SCT", "Entire body"),
  background: concept("125040", "DCM", "Background"),
  artificialIntelligence: concept("123110", "DCM", "Artificial Intelligence"),
  segmentation: concept("113076", "DCM", "Segmentation"),
  sourceImage: concept("121322", "DCM", "Source image for image processing operation"),
  standardDeviations: concept("{SD}", "UCUM", "standard deviations"),
  quantity: concept("246205007", "SCT", "Quantity"),
  // No terminology has these.
  comparison: concept("deviation", "99MIASSAM", "Comparison with normal images"),
  anomaly: concept("anomaly", "99MIASSAM", "Deviation from normal images"),
  basicProfile: concept("113100", "DCM", "Basic Application Confidentiality Profile"),
} as const;

/** A code sequence of one item. */
export function codeSequence({ value, scheme, meaning }: CodedConcept): readonly DicomItem[] {
  return [{ CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning }];
}
