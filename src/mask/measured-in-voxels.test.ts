import { describe, expect, test } from "vitest";
import type { Geometry } from "../types.ts";
import type { VolumeLesion } from "../volume-types.ts";
import { measuredInVoxels } from "./measured-in-voxels.ts";

const geometry: Geometry = {
  spacing: [2, 1, 3],
  unit: "mm",
  affine: [2, 0, 0, 100, 0, 1, 0, 200, 0, 0, 3, 300, 0, 0, 0, 1],
};

/** As it was measured in stretched pixels. */
function lesion(label: number, more: Partial<VolumeLesion> = {}): VolumeLesion {
  return {
    ...{ label, voxels: 50, volumeMl: 9, largestDiameter: 99, slices: [0, 1], score: 5, pValue: 0.1 },
    box: [
      [0, 0, 0],
      [0, 0, 0],
    ],
    centre: [0, 0, 0],
    ...more,
  };
}

const measure = (voxels: readonly number[], ...lesions: VolumeLesion[]) => {
  const labels = Uint16Array.from(voxels);
  return { labels, lesions: measuredInVoxels({ labels, size: [3, 1, 2], geometry }, lesions) };
};

describe("lesions in the voxels of the file", () => {
  test("have the volume, centre and diameter of what is labelled", () => {
    const [found] = measure([1, 1, 0, 0, 1, 0], lesion(1)).lesions;
    expect(found).toMatchObject({ label: 1, slices: [0, 1], score: 5, pValue: 0.1 });
    expect(found).toMatchObject({ voxels: 3, volumeMl: 0.018, centre: [2 / 3, 0, 1 / 3] });
    expect(found.box).toEqual([
      [0, 0, 0],
      [1, 0, 1],
    ]);
    expect(found.largestDiameter).toBeCloseTo(Math.hypot(2, 3), 12);
    expect(found.centreLps?.map((value) => value.toFixed(3))).toEqual(["101.333", "200.000", "301.000"]);
  });

  test("are a voxel at least, where that is free", () => {
    const small = lesion(2, { centre: [1.6, 0, 1] });
    const { labels, lesions } = measure([1, 0, 0, 0, 0, 0], lesion(1), small);
    expect([...labels]).toEqual([1, 0, 0, 0, 0, 2]);
    expect(lesions[1]).toMatchObject({ voxels: 1, volumeMl: 0.006, centre: [2, 0, 1], largestDiameter: 0 });
  });

  test("have none where theirs is another's", () => {
    const { labels, lesions } = measure([1, 0, 0, 0, 0, 0], lesion(1), lesion(2));
    expect([...labels]).toEqual([1, 0, 0, 0, 0, 0]);
    expect(lesions[1]).toMatchObject({ voxels: 0, volumeMl: 0, centre: [0, 0, 0] });
  });
});
