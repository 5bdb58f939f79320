// Affines as in Geometry: 4 x 4, row-major, from voxel (column, row, slice, 1) to mm.

import type { VolumeSize } from "../volume-types.ts";

export type Vector3 = readonly [number, number, number];

/** Volume of the unit directions' parallelepiped below which they do not span space: 1 is orthogonal. */
const LEAST_VOLUME = 1e-4;

/** An affine whose columns are the steps from voxel to voxel, and the first voxel's centre. */
export function affineOf(steps: readonly Vector3[], origin: Vector3): number[] {
  const rows = [0, 1, 2].map((row) => [steps[0][row], steps[1][row], steps[2][row], origin[row]]);
  return [...rows.flat(), 0, 0, 0, 1];
}

/** The step along voxel axis `axis`: 3 gives the origin. */
export function columnOf(affine: readonly number[], axis: number): Vector3 {
  return [affine[axis], affine[4 + axis], affine[8 + axis]];
}

export function lengthOf([x, y, z]: Vector3): number {
  return Math.hypot(x, y, z);
}

/** Distance between neighbours along each voxel axis. */
export function spacingOf(affine: readonly number[]): [number, number, number] {
  return [lengthOf(columnOf(affine, 0)), lengthOf(columnOf(affine, 1)), lengthOf(columnOf(affine, 2))];
}

/** Turns RAS into LPS, and back: x and y change their sign. */
export function flipXY(affine: readonly number[]): number[] {
  // Adding 0 makes 0 of -0.
  return affine.map((value, i) => (i < 8 ? -value + 0 : value));
}

/** Whether it is finite and its directions span space. */
export function isUsable(affine: readonly number[]): boolean {
  const lengths = spacingOf(affine);
  if (!affine.every(Number.isFinite) || !lengths.every((length) => length > 0 && length < Infinity)) {
    return false;
  }
  return Math.abs(determinant(unitDirections(affine))) > LEAST_VOLUME;
}

/** Its columns at length 1. */
export function unitDirections(affine: readonly number[]): Vector3[] {
  return [0, 1, 2].map((axis) => {
    const [x, y, z] = columnOf(affine, axis);
    const length = Math.hypot(x, y, z);
    return [x / length, y / length, z / length];
  });
}

export function determinant([a, b, c]: readonly Vector3[]): number {
  return (
    a[0] * (b[1] * c[2] - b[2] * c[1]) -
    a[1] * (b[0] * c[2] - b[2] * c[0]) +
    a[2] * (b[0] * c[1] - b[1] * c[0])
  );
}

/** Whether all numbers are finite and above 0, but for those of axes with one voxel. */
export function isSpacing(spacing: Vector3, size: VolumeSize): boolean {
  return spacing.every((value, axis) => (Number.isFinite(value) && value > 0) || size[axis] === 1);
}
