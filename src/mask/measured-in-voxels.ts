import type { Triple } from "../geometry/voxels.ts";
import type { Geometry } from "../types.ts";
import type { VolumeLesion, VolumeSize } from "../volume-types.ts";
import { addSlice, emptySums, extentOf } from "./lesion-sums.ts";

/** A volume whose voxels are labelled, in the order of the file. */
export interface LabelVolume {
  readonly labels: Uint16Array;
  readonly size: VolumeSize;
  readonly geometry: Geometry;
}

/**
 * Lesions with the extent that they have in the file: where a plan stretches voxels, several of its pixels lie in one. A
 * lesion that lies between the centres of voxels has none of its own; the one that holds its centre is given to it in
 * `labels`, unless it is another's.
 */
export function measuredInVoxels(volume: LabelVolume, lesions: readonly VolumeLesion[]): VolumeLesion[] {
  const { labels, geometry } = volume;
  const present = new Uint8Array(2 ** 16);
  for (let i = 0; i < labels.length; i++) present[labels[i]] = 1;
  for (const { label, centre } of lesions) {
    const at = indexOf(volume, centre);
    if (present[label] === 0 && labels[at] === 0) labels[at] = label;
  }
  const sums = sumsOf(volume, lesions.length);
  return lesions.map((lesion, i) =>
    sums[i].voxels === 0
      ? { ...lesion, voxels: 0, ...(geometry.unit === "mm" ? { volumeMl: 0 } : {}) }
      : { ...lesion, ...extentOf(sums[i], geometry, (place) => place) },
  );
}

function indexOf({ size: [columns, rows] }: LabelVolume, centre: Triple): number {
  const [x, y, z] = centre.map(Math.round);
  return x + columns * (y + rows * z);
}

/** Of the labels 1 .. count. */
function sumsOf({ labels, size: [width, height, slices] }: LabelVolume, count: number) {
  const sums = Array.from({ length: count }, () => emptySums());
  const own = Array.from({ length: count + 1 }, (_, label) => label - 1);
  for (let z = 0; z < slices; z++) {
    const plane = labels.subarray(z * width * height, (z + 1) * width * height);
    if (plane.some((label) => label > 0)) addSlice(sums, z, { width, height, labels: plane, count }, own);
  }
  return sums;
}
