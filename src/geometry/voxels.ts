// Where slices, voxels and the patient meet: from a pixel of a slice to the voxel of the file, and from there to LPS.

import type { Geometry } from "../types.ts";
import type { SlicePlan } from "../volume-types.ts";

export type Triple = readonly [number, number, number];

/**
 * Voxel coordinates (x, y, z of the file) of a place in a slice; pixel centres are whole numbers. Where the plan stretches
 * an axis, several pixels lie in one voxel, and their coordinates are between voxels' centres.
 */
export function voxelOf(plan: SlicePlan, column: number, row: number, slice: number): Triple {
  const [columnVoxels, rowVoxels] = plan.voxels ?? [plan.width, plan.height];
  const place: [number, number, number] = [0, 0, 0];
  const set = (axis: 0 | 1 | 2, value: number, count: number, flip: boolean) => {
    place[axis] = flip ? count - 1 - value : value;
  };
  set(plan.columns, centreOf(column, columnVoxels, plan.width), columnVoxels, plan.flipColumns);
  set(plan.rows, centreOf(row, rowVoxels, plan.height), rowVoxels, plan.flipRows);
  set(plan.slices, slice, plan.count, plan.flipSlices);
  return place;
}

/** Where the centre of item `i` of `from` lies among `to` items of the same extent. */
export function centreOf(i: number, to: number, from: number): number {
  return from === to ? i : ((i + 0.5) * to) / from - 0.5;
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
export function toPatient({ affine }: Geometry, voxel: Triple): Triple | undefined {
  return affine && applyAffine(affine, voxel);
}

/** Where `voxel`, which may lie between voxels, is in space. @param affine 4 x 4, row-major */
export function applyAffine(affine: readonly number[], [x, y, z]: Triple): Triple {
  const row = (r: number) => affine[r] * x + affine[r + 1] * y + affine[r + 2] * z + affine[r + 3];
  return [row(0), row(4), row(8)];
}
