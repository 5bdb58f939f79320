import type { Issue } from "./types.ts";

/** Every issue that a result can carry, with its severity. */
const catalogue = {
  "alpha-composited": "note",
  "animation-first-frame": "warning",
  "cmyk-converted": "warning",
  "orientation-ignored": "warning",
  "duplicate-image": "warning",
  "extension-mismatch": "warning",
  "non-finite-pixels": "warning",
  "box-path-of-paper": "note",
  "refinement-left-out": "note",
  "few-normal-images": "warning",
  "map-clipped": "note",
  "overlay-cropped": "note",
  "results-left-out": "note",
  "archive-left-out": "warning",
  "images-not-read": "warning",
  "earlier-files-kept": "warning",
  "mask-missing": "warning",
  "mask-empty": "warning",
  "image-failed": "error",
  "one-of-several-volumes": "note",
  "colour-to-grey": "note",
  "values-rounded": "note",
  "orientation-unknown": "note",
  "affine-unusable": "warning",
  "oblique-slices": "note",
  "axes-sheared": "warning",
  "axis-unknown": "warning",
  "slicing-differs": "warning",
  "window-odd": "note",
  "rescale-odd": "warning",
  "series-split": "warning",
  "slices-missing": "warning",
  "slices-uneven": "warning",
  "slices-duplicate": "warning",
  "slices-tilted": "note",
  "instance-conflict": "warning",
  localiser: "warning",
  "instance-failed": "error",
  "instances-missing": "error",
  "instance-coerced": "warning",
  "instance-not-stored": "error",
  "retrieval-failed": "error",
  "series-left-out": "note",
  "nothing-to-store": "note",
  "images-not-stored": "warning",
  "slice-failed": "error",
  "dicom-object-refused": "warning",
  "names-kept": "warning",
  "slices-independent": "warning",
  "volume-empty": "warning",
} as const satisfies Record<string, Issue["severity"]>;

export type IssueCode = keyof typeof catalogue;

/** Makes an issue of the catalogue. `message` is one sentence: rule, value, what to do. */
export function issue(code: IssueCode, subject: string, message: string): Issue {
  return { code, severity: catalogue[code], subject, message };
}
