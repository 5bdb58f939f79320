import { issue } from "../issues.ts";
import type { Issue } from "../types.ts";

/** Tells that a volume has no affine. */
export function orientationUnknown(name: string): Issue {
  const message = "the file does not tell how the patient lies in it; slices are cut as they are stored";
  return issue("orientation-unknown", name, message);
}
