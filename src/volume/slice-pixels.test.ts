import { describe, expect, test } from "vitest";
import { axisAffines } from "../../test/support/made-volumes.ts";
import { applyAffine, voxelOf } from "../geometry/voxels.ts";
import { putSlice, takeSlice, voxelPlanes } from "./slice-pixels.ts";
import { planSlices } from "./slice-plan.ts";

const size = [3, 2, 2] as const;
const AXES = ["axial", "sagittal", "coronal", "acquisition"] as const;
const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

function planOf(
  axis: (typeof AXES)[number],
  affine = identity,
  spacing: readonly [number, number, number] = [1, 1, 1],
) {
  return planSlices({ size, geometry: { spacing, unit: "mm", affine } }, axis);
}

/** Two slices of two rows of three. */
const voxels = Uint8Array.of(1, 2, 3, 4, 5, 6, /* the next slice */ 11, 12, 13, 14, 15, 16);

test("slices along each axis: the head on top, the front on the left or on top", () => {
  expect([...takeSlice(voxels, size, planOf("axial"), 1)]).toEqual([11, 12, 13, 14, 15, 16]);
  expect([...takeSlice(voxels, size, planOf("sagittal"), 0)]).toEqual([11, 14, 1, 4]);
  expect([...takeSlice(voxels, size, planOf("coronal"), 1)]).toEqual([14, 15, 16, 4, 5, 6]);
});

describe("over all 48 orders and senses of the axes, cut along each", () => {
  const volume = Float32Array.from({ length: 12 }, (_, i) => i + 1);

  test.each([
    ["square pixels", [1, 1, 1]],
    ["stretched pixels", [1, 3, 2.4]],
  ] as const)("what is taken comes back as it was: %s", (_, spacing) => {
    for (const affine of axisAffines(spacing, size)) {
      for (const axis of AXES) {
        const plan = planOf(axis, affine, spacing);
        const labels = Uint16Array.from(volume);
        const back = new Uint16Array(12);
        for (let i = 0; i < plan.count; i++) putSlice(back, size, plan, i, takeSlice(labels, size, plan, i));
        expect(back).toEqual(labels);
      }
    }
  });

  test("planes of the file are those of the whole, made one by one", () => {
    for (const affine of axisAffines([1, 3, 2.4], size)) {
      for (const axis of AXES) {
        const plan = planOf(axis, affine, [1, 3, 2.4]);
        const sliceOf = (index: number) => takeSlice(volume, size, plan, index);
        const whole = new Float32Array(12);
        for (let i = 0; i < plan.count; i++) putSlice(whole, size, plan, i, sliceOf(i));
        const planes = [0, 1].map(voxelPlanes(size, plan, sliceOf));
        expect(planes).toEqual([whole.slice(0, 6), whole.slice(6)]);
      }
    }
  });

  test("a pixel's voxel is where the pixel's value comes from", () => {
    for (const affine of axisAffines([1, 1, 1], size)) {
      for (const axis of AXES) {
        const plan = planOf(axis, affine);
        for (let index = 0; index < plan.count; index++) {
          const slice = takeSlice(volume, size, plan, index);
          for (let at = 0; at < slice.length; at++) {
            const [x, y, z] = voxelOf(plan, at % plan.width, Math.floor(at / plan.width), index);
            expect(slice[at]).toBe(volume[x + size[0] * (y + size[1] * z)]);
          }
        }
      }
    }
  });

  test("the same place of the patient is the same pixel, however the voxels lie", () => {
    // One value for each place: x + 10 y + 100 z, in mm.
    for (const affine of axisAffines([1, 1, 1], [2, 2, 2])) {
      const cube = new Float32Array(8);
      for (let i = 0; i < 8; i++) {
        const [x, y, z] = applyAffine(affine, [i & 1, (i >> 1) & 1, i >> 2]);
        cube[i] = x + 10 * y + 100 * z;
      }
      const plan = (axis: (typeof AXES)[number]) =>
        planSlices({ size: [2, 2, 2], geometry: { spacing: [1, 1, 1], unit: "mm", affine } }, axis);
      expect([...takeSlice(cube, [2, 2, 2], plan("axial"), 1)]).toEqual([100, 101, 110, 111]);
      expect([...takeSlice(cube, [2, 2, 2], plan("sagittal"), 1)]).toEqual([101, 111, 1, 11]);
      expect([...takeSlice(cube, [2, 2, 2], plan("coronal"), 1)]).toEqual([110, 111, 10, 11]);
    }
  });
});

describe("rows that are stretched to square pixels", () => {
  /** One column of three voxels, 2 mm apart, in one sagittal-like plane of 1 mm columns. */
  const tall = { size: [1, 3, 1] as const, spacing: [1, 2, 1] as const };
  const plan = planSlices(
    { size: tall.size, geometry: { spacing: tall.spacing, unit: "mm" } },
    "acquisition",
  );

  test("floats are interpolated, and come back by interpolation", () => {
    const column = Float32Array.of(0, 4, 8);
    const slice = takeSlice(column, tall.size, plan, 0);
    expect([...slice]).toEqual([0, 1, 3, 5, 7, 8]);
    const back = new Float32Array(3);
    putSlice(back, tall.size, plan, 0, slice);
    expect([...back]).toEqual([0.5, 4, 7.5]);
  });

  test("a linear map comes back exactly, but at its ends", () => {
    const back = new Float32Array(3);
    putSlice(back, tall.size, plan, 0, [-1, 1, 3, 5, 7, 9]);
    expect([...back]).toEqual([0, 4, 8]);
  });

  test("labels are repeated, and come back whole", () => {
    const slice = takeSlice(Uint8Array.of(0, 7, 2), tall.size, plan, 0);
    expect([...slice]).toEqual([0, 0, 7, 7, 2, 2]);
    const back = new Uint8Array(3);
    putSlice(back, tall.size, plan, 0, slice);
    expect([...back]).toEqual([0, 7, 2]);
  });

  test("pixel centres lie between voxel centres", () => {
    expect(voxelOf(plan, 0, 0, 0)).toEqual([0, -0.25, 0]);
    expect(voxelOf(plan, 0, 5, 0)).toEqual([0, 2.25, 0]);
  });
});
