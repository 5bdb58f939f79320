// What is measured of lesions in one pass over the slices that they lie in.

import { stepsOf, type Triple, toPatient, voxelVolume } from "../geometry/voxels.ts";
import type { Geometry } from "../types.ts";
import { cornersOfPlanes, type GridPoint, largestDistance } from "../util/farthest-pair.ts";
import type { VolumeLesion } from "../volume-types.ts";

const CUBIC_MM_PER_ML = 1000;

/** What is gathered of a lesion; places are columns, rows and slices of the grid that it lies in. */
export interface LesionSums {
  voxels: number;
  score: number;
  readonly sum: [number, number, number];
  readonly low: [number, number, number];
  readonly high: [number, number, number];
  /** Among them are the two voxels that are farthest apart. */
  readonly corners: GridPoint[];
}

export function emptySums(): LesionSums {
  return {
    voxels: 0,
    score: Number.NEGATIVE_INFINITY,
    sum: [0, 0, 0],
    low: [Infinity, Infinity, Infinity],
    high: [-Infinity, -Infinity, -Infinity],
    corners: [],
  };
}

/** A slice of labels, [height, width]; 0 is nothing, the greatest is `count`. */
export interface LabelledSlice {
  readonly width: number;
  readonly height: number;
  readonly labels: ArrayLike<number>;
  readonly count: number;
}

/**
 * Adds a slice to the sums of what its labels belong to.
 * @param own place among `sums` for each label
 * @param values of the map; without them no score is gathered
 */
export function addSlice(
  sums: readonly LesionSums[],
  slice: number,
  { width, height, labels, count }: LabelledSlice,
  own: readonly number[],
  values?: ArrayLike<number>,
): void {
  const ends: GridPoint[][] = Array.from({ length: count + 1 }, () => []);
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const label = labels[pixel];
      if (label === 0) continue;
      addVoxel(sums[own[label]], [x, y, slice], values?.[pixel]);
      const isEnd = x === 0 || labels[pixel - 1] !== label || x === width - 1 || labels[pixel + 1] !== label;
      if (isEnd) ends[label].push([x, y, slice]);
    }
  }
  for (const [label, points] of ends.entries()) {
    if (label > 0) sums[own[label]].corners.push(...cornersOfPlanes(points, 2));
  }
}

function addVoxel(sums: LesionSums, place: GridPoint, value: number | undefined): void {
  sums.voxels++;
  if (value !== undefined) sums.score = Math.max(sums.score, value);
  for (let axis = 0; axis < 3; axis++) {
    sums.sum[axis] += place[axis];
    sums.low[axis] = Math.min(sums.low[axis], place[axis]);
    sums.high[axis] = Math.max(sums.high[axis], place[axis]);
  }
}

/** How large a lesion is and where it lies. */
export type LesionExtent = Pick<
  VolumeLesion,
  "voxels" | "volumeMl" | "largestDiameter" | "box" | "centre" | "centreLps"
>;

/** The extent of what was summed; each place of its grid is taken for a voxel. @param toVoxel of the file */
export function extentOf(
  { voxels, sum, low, high, corners }: LesionSums,
  geometry: Geometry,
  toVoxel: (place: GridPoint) => Triple,
): LesionExtent {
  const [one, other] = [toVoxel(low).map(Math.round), toVoxel(high).map(Math.round)];
  const centre = toVoxel([sum[0] / voxels, sum[1] / voxels, sum[2] / voxels]);
  const centreLps = toPatient(geometry, centre);
  return {
    voxels,
    ...(geometry.unit === "mm" ? { volumeMl: (voxels * voxelVolume(geometry)) / CUBIC_MM_PER_ML } : {}),
    largestDiameter: largestDistance(corners.map(toVoxel), stepsOf(geometry)),
    box: [pairwise(Math.min, one, other), pairwise(Math.max, one, other)],
    centre,
    ...(centreLps ? { centreLps } : {}),
  };
}

function pairwise(
  choose: (a: number, b: number) => number,
  a: readonly number[],
  b: readonly number[],
): Triple {
  return [choose(a[0], b[0]), choose(a[1], b[1]), choose(a[2], b[2])];
}
