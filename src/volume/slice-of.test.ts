import { expect, test } from "vitest";
import type { Volume } from "../volume-types.ts";
import { sliceOf } from "./slice-of.ts";
import { planSlices } from "./slice-plan.ts";

const size = [2, 2, 2] as const;
const affine = [-0.5, 0, 0, 10, 0, 2, 0, 20, 0, 0, 4, 30, 0, 0, 0, 1];
const volume: Volume = {
  name: "scan.nii",
  size,
  data: Int16Array.of(-5, 1, 2, 3, 10, 11, 12, 13),
  geometry: { spacing: [0.5, 2, 4], unit: "mm", affine },
  issues: [],
};
const window = { low: 0, high: 100 };

test("a slice has the volume's values, the window as its range, and its own place", () => {
  const plan = planSlices(volume, "acquisition");
  const { index, image } = sliceOf(volume, plan, 1, window);
  expect(index).toBe(1);
  expect(image).toMatchObject({ name: "scan.nii (acquisition slice 2)", width: 2, height: 8, channels: 1 });
  expect(image.data).toBeInstanceOf(Float32Array);
  // The rows, 2 mm apart, are stretched to 0.5 mm.
  expect([...image.data].filter((_, i) => i % 2 === 0)).toEqual([10, 10, 10.25, 10.75, 11.25, 11.75, 12, 12]);
  expect(image.range).toEqual(window);
  expect(image.geometry).toEqual({
    spacing: [0.5, 0.5, 4],
    unit: "mm",
    slice: 1,
    affine: [-0.5, 0, 0, 10, 0, 0.5, 0, 19.25, 0, 0, 4, 30, 0, 0, 0, 1],
  });
});

test("whole numbers of a file stay so where nothing is to be done", () => {
  const flat: Volume = {
    ...volume,
    data: Uint16Array.of(0, 1, 2, 3, 4, 5, 6, 7),
    geometry: { spacing: [1, 1, 1], unit: "px" },
  };
  const { image } = sliceOf(flat, planSlices(flat, "acquisition"), 1, window);
  expect(image.data).toEqual(Uint16Array.of(4, 5, 6, 7));
  expect(image.geometry).toEqual({ spacing: [1, 1, 1], unit: "px", slice: 1 });
});

test("low values that the file shows bright become high, in the same window", () => {
  const inverted: Volume = { ...volume, inverted: true, geometry: { spacing: [1, 1, 1], unit: "mm" } };
  const { image } = sliceOf(inverted, planSlices(inverted, "acquisition"), 1, window);
  expect([...image.data]).toEqual([90, 89, 88, 87]);
});

test("a slice is empty where less than 1 % is brighter than a tenth of the window", () => {
  const bright = (count: number): Volume => ({
    ...volume,
    size: [10, 20, 1],
    data: new Uint8Array(200).fill(11, 0, count),
    geometry: { spacing: [1, 1, 1], unit: "mm" },
  });
  const empty = (count: number) =>
    sliceOf(bright(count), planSlices(bright(count), "axial"), 0, window).empty;
  expect([0, 1, 2, 200].map(empty)).toEqual([true, true, false, false]);
});
