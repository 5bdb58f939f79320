import { describe, expect, test } from "vitest";
import type { Geometry, Mask, ScalarMap } from "../types.ts";
import type { SlicePlan } from "../volume-types.ts";
import { findVolumeLesions } from "./volume-lesions.ts";

const plan: SlicePlan = {
  ...{ axis: "acquisition", columns: 0, rows: 1, slices: 2 },
  ...{ flipColumns: false, flipRows: false, flipSlices: false },
  ...{ width: 4, height: 2, count: 3, spacing: [1, 1, 4], unit: "mm" },
};
const affine = [1, 0, 0, 100, 0, 1, 0, 200, 0, 0, 4, 300, 0, 0, 0, 1];
const geometry: Geometry = { spacing: [1, 1, 4], unit: "mm", affine };

/** One lesion of 2 + 1 voxels in slices 0 and 1, another of one voxel in slice 1, nothing in slice 2. */
const slices = [
  ["xx..", "...."],
  [".x..", "...x"],
  ["....", "...."],
];
const values = [
  [5, 6, 0, 0, 0, 0, 0, 0],
  [0, 3, 0, 0, 0, 0, 0, 8],
  [0, 0, 0, 0, 0, 0, 0, 0],
];

function find(changes: { plan?: SlicePlan; geometry?: Geometry } = {}) {
  const masks = slices.map((rows): Mask => {
    const data = Uint8Array.from(rows.join(""), (letter) => (letter === "x" ? 1 : 0));
    return { width: 4, height: 2, data };
  });
  return findVolumeLesions({
    ...{ plan, geometry, ...changes },
    maskOf: (slice) => (masks[slice].data.includes(1) ? masks[slice] : undefined),
    mapOf: (slice): ScalarMap => ({ width: 4, height: 2, data: Float32Array.from(values[slice]) }),
    normalMaxima: [1, 7, 9],
  });
}

describe("lesions of a volume", () => {
  const { lesions, labelsOf } = find();

  test("are its connected components, the most deviant first", () => {
    expect(lesions.map(({ label, voxels, score }) => [label, voxels, score])).toEqual([
      [1, 1, 8],
      [2, 3, 6],
    ]);
    expect([...(labelsOf(0) ?? [])]).toEqual([2, 2, 0, 0, 0, 0, 0, 0]);
    expect([...(labelsOf(1) ?? [])]).toEqual([0, 2, 0, 0, 0, 0, 0, 1]);
    expect(labelsOf(2)).toBeUndefined();
  });

  test("are measured in voxels of the file, in mm, and in the patient", () => {
    expect(lesions[1]).toMatchObject({
      slices: [0, 1],
      box: [
        [0, 0, 0],
        [1, 0, 1],
      ],
      centre: [2 / 3, 0, 1 / 3],
      volumeMl: 0.012,
      pValue: 0.75,
    });
    // From (0, 0, 0) to (1, 0, 4) mm.
    expect(lesions[1].largestDiameter).toBeCloseTo(Math.sqrt(17), 12);
    expect(lesions[1].centreLps?.map((value) => value.toFixed(3))).toEqual(["100.667", "200.000", "301.333"]);
    expect(lesions[0]).toMatchObject({ largestDiameter: 0, pValue: 0.5 });
  });

  test("have no volume in ml and no place in the patient where the spacing is not known", () => {
    const [, lesion] = find({ geometry: { spacing: [1, 1, 1], unit: "px" } }).lesions;
    expect(lesion).not.toHaveProperty("volumeMl");
    expect(lesion).not.toHaveProperty("centreLps");
    expect(lesion.largestDiameter).toBeCloseTo(Math.SQRT2, 12);
  });

  test("lie where the plan's axes and directions put them", () => {
    const turned: SlicePlan = { ...plan, columns: 1, rows: 2, slices: 0, flipRows: true };
    const [, lesion] = find({ plan: turned }).lesions;
    expect(lesion.box).toEqual([
      [0, 0, 1],
      [1, 1, 1],
    ]);
  });
});
