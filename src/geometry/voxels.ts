// Where slices, voxels and the patient meet: from a pixel of a slice to the voxel of the file, and from there to LPS.

import type { Geometry } from "../types.ts";
import type { SlicePlan } from "../volume-types.ts";

export type Triple = readonly [number, number, number];

/** The voxel (x, y, z of the file) of a slice's pixel; also of places between pixels. */
export function voxelOf(plan: SlicePlan, column: number, row: number, slice: number): Triple {
  const place: [number, number, number] = [0, 0, 0];
  place[plan.columns] = plan.flipColumns ? plan.width - 1 - column : column;
  place[plan.rows] = plan.flipRows ? plan.height - 1 - row : row;
  place[plan.slices] = plan.flipSlices ? plan.count - 1 - slice : slice;
  return place;
}

/** 3 x 3, row-major: from steps of a voxel to lengths in the geometry's unit, along the patient's axes where known. */
export function stepsOf({ spacing: [x, y, z], affine }: Geometry): number[] {
  if (affine === undefined) return [x, 0, 0, 0, y, 0, 0, 0, z];
  return [0, 1, 2].flatMap((row) => affine.slice(4 * row, 4 * row + 3));
}

/** Volume of one voxel, in the cube of the geometry's unit. */
export function voxelVolume(geometry: Geometry): number {
  const [a, b, c, d, e, f, g, h, i] = stepsOf(geometry);
  return Math.abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g));
}

/** A place among the voxels in patient coordinates (LPS, mm); undefined where the affine is not known. */
export function toPatient({ affine }: Geometry, [x, y, z]: Triple): Triple | undefined {
  if (affine === undefined) return undefined;
  const along = (row: number) =>
    affine[4 * row] * x + affine[4 * row + 1] * y + affine[4 * row + 2] * z + affine[4 * row + 3];
  return [along(0), along(1), along(2)];
}
