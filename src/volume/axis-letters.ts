import type { Geometry } from "../types.ts";
import { unitDirections } from "./affine.ts";
import { voxelAxesOf } from "./slice-plan.ts";

/** Towards and against the patient's axes of LPS. */
const TOWARDS = ["L", "P", "S"] as const;
const AGAINST = ["R", "A", "I"] as const;

/**
 * Where columns, rows and slices run to, as letters: `LPS` is to the patient's left, to the back (posterior), to the head
 * (superior). Of oblique axes the letters are those of the nearest anatomical ones. Undefined where the affine is unknown.
 */
export function axisLetters({ affine }: Pick<Geometry, "affine">): string | undefined {
  if (affine === undefined) return undefined;
  const directions = unitDirections(affine);
  const letters = ["", "", ""];
  for (const [patient, voxelAxis] of voxelAxesOf(directions).entries()) {
    letters[voxelAxis] = (directions[voxelAxis][patient] < 0 ? AGAINST : TOWARDS)[patient];
  }
  return letters.join("");
}
