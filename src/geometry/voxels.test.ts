import { expect, test } from "vitest";
import type { SlicePlan } from "../volume-types.ts";
import { stepsOf, toPatient, voxelOf, voxelVolume } from "./voxels.ts";

const coronal: SlicePlan = {
  ...{ axis: "coronal", columns: 0, rows: 2, slices: 1 },
  ...{ flipColumns: false, flipRows: true, flipSlices: false },
  ...{ width: 4, height: 3, count: 5, spacing: [1, 3, 2], unit: "mm" },
};
const affine = [2, 0, 0, 10, 0, -2, 0, 20, 0, 0, 3, 30, 0, 0, 0, 1];
const geometry = { spacing: [2, 2, 3], unit: "mm", affine } as const;

test("a slice's pixel is a voxel by the order of axes and their direction", () => {
  expect(voxelOf(coronal, 1, 0, 4)).toEqual([1, 4, 2]);
  expect(voxelOf(coronal, 3, 2, 0)).toEqual([3, 0, 0]);
  expect(voxelOf({ ...coronal, flipColumns: true, flipSlices: true }, 0.5, 1, 4)).toEqual([2.5, 0, 1]);
});

test("a voxel is in the patient where the affine puts it", () => {
  expect(toPatient(geometry, [1, 2, 3])).toEqual([12, 16, 39]);
  expect(toPatient({ spacing: [1, 1, 1], unit: "px" }, [1, 2, 3])).toBeUndefined();
});

test("steps are the affine's where it is known, else the spacing's", () => {
  expect(stepsOf(geometry)).toEqual([2, 0, 0, 0, -2, 0, 0, 0, 3]);
  expect(stepsOf({ spacing: [1, 2, 3], unit: "mm" })).toEqual([1, 0, 0, 0, 2, 0, 0, 0, 3]);
});

test("a voxel's volume is positive, and that of a leaning one is its base times its height", () => {
  expect(voxelVolume(geometry)).toBe(12);
  const leaning = [1, 0, 5, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1];
  expect(voxelVolume({ spacing: [1, 1, 2], unit: "mm", affine: leaning })).toBe(2);
});

test("several pixels of a stretched axis lie in one voxel", () => {
  const stretched = { ...coronal, voxels: [coronal.width, 1] as const };
  expect(voxelOf(stretched, 0, (coronal.height - 1) / 2, 0)[coronal.rows]).toBe(0);
});
