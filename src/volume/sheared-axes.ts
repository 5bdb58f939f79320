import { issue } from "../issues.ts";
import type { Issue } from "../types.ts";
import type { Volume } from "../volume-types.ts";
import { unitDirections, type Vector3 } from "./affine.ts";

/** Cosine of the angle between two axes above which it is told: 0.6 degrees off a right angle, as for tilted slices. */
const SHEARED = 0.01;

/** Tells of axes that are not perpendicular: slices along them are skewed pictures of the body. */
export function shearIssues({ name, geometry }: Pick<Volume, "name" | "geometry">): Issue[] {
  if (geometry.affine === undefined) return [];
  const [x, y, z] = unitDirections(geometry.affine);
  const most = Math.max(cosine(x, y), cosine(x, z), cosine(y, z));
  if (most <= SHEARED) return [];
  const degrees = Number(((Math.asin(Math.min(1, most)) * 180) / Math.PI).toFixed(1));
  const rule = `axes of ${name} must be perpendicular, but are up to ${degrees} degrees off`;
  return [
    issue(
      "axes-sheared",
      name,
      `${rule}; slices follow them and look skewed, resample it where that matters`,
    ),
  ];
}

/** Of the angle between unit vectors, without its sign. */
function cosine(a: Vector3, b: Vector3): number {
  return Math.abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
}
