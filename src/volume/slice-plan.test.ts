import { describe, expect, test } from "vitest";
import { axisAffines } from "../../test/support/made-volumes.ts";
import type { Geometry, SliceAxis } from "../types.ts";
import type { SlicePlan } from "../volume-types.ts";
import { planIssues, planSlices } from "./slice-plan.ts";

const size = [4, 6, 8] as const;

function placed(affine: readonly number[], spacing: readonly [number, number, number] = [1, 1, 1]) {
  const geometry: Geometry = { spacing, unit: "mm", affine };
  return { name: "scan.nii", size, geometry };
}

/** Voxel axes and their senses, `-0` for the first one backwards. */
function axesOf(plan: SlicePlan): string[] {
  const sign = (flip: boolean) => (flip ? "-" : "");
  return [
    sign(plan.flipColumns) + plan.columns,
    sign(plan.flipRows) + plan.rows,
    sign(plan.flipSlices) + plan.slices,
  ];
}

const LPS = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
const RAS = [-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
/** Columns to the back, rows to the feet, slices to the right: a sagittal acquisition. */
const PIR = [0, 0, -1, 0, 1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 1];

test.each<[string, number[], SliceAxis, string[]]>([
  ["LPS", LPS, "axial", ["0", "1", "2"]],
  ["LPS", LPS, "sagittal", ["1", "-2", "0"]],
  ["LPS", LPS, "coronal", ["0", "-2", "1"]],
  ["RAS", RAS, "axial", ["-0", "-1", "2"]],
  ["RAS", RAS, "sagittal", ["-1", "-2", "-0"]],
  ["RAS", RAS, "coronal", ["-0", "-2", "-1"]],
  ["PIR", PIR, "axial", ["-2", "0", "-1"]],
  ["PIR", PIR, "sagittal", ["0", "1", "-2"]],
  ["PIR", PIR, "acquisition", ["0", "1", "2"]],
])("voxels that run %s, cut %# %s", (_, affine, axis, expected) => {
  const plan = planSlices(placed(affine), axis);
  expect(axesOf(plan)).toEqual(expected);
  expect([plan.width, plan.height, plan.count]).toEqual(
    [plan.columns, plan.rows, plan.slices].map((voxelAxis) => size[voxelAxis]),
  );
});

test("whatever the order and sense of voxels, columns run to the left, rows to the back, slices to the head", () => {
  for (const affine of axisAffines([1, 1, 1], size)) {
    const plan = planSlices(placed(affine), "axial");
    for (const [patient, [axis, flip]] of [
      [plan.columns, plan.flipColumns] as const,
      [plan.rows, plan.flipRows] as const,
      [plan.slices, plan.flipSlices] as const,
    ].entries()) {
      expect(affine[4 * patient + axis] * (flip ? -1 : 1)).toBe(1);
    }
  }
});

describe("pixels that are not square", () => {
  test("are made so along the axis of larger spacing", () => {
    const affine = [0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 5, 0, 0, 0, 0, 1];
    const plan = planSlices(placed(affine, [0.5, 0.5, 5]), "coronal");
    expect(plan).toMatchObject({ width: 4, height: 80, count: 6, voxels: [4, 8], spacing: [0.5, 0.5, 0.5] });
    expect(planSlices(placed(affine, [0.5, 0.5, 5]), "axial")).not.toHaveProperty("voxels");
  });

  test("stay so within 1 %, and where the image would be huge", () => {
    const near = planSlices(placed(LPS, [1, 1.009, 1]), "axial");
    expect(near).toMatchObject({ width: 4, height: 6, spacing: [1, 1.009, 1] });
    expect(near).not.toHaveProperty("voxels");
    const huge = planSlices(placed(LPS, [1, 1, 1e6]), "coronal");
    expect(huge).toMatchObject({ height: 4096, voxels: [4, 8], spacing: [1, 8e6 / 4096, 1] });
  });
});

describe("issues", () => {
  const tilted = (degrees: number) => {
    const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    return [1, 0, 0, 0, 0, c, -s, 0, 0, s, c, 0, 0, 0, 0, 1];
  };

  test("tell of a volume that is oblique by more than 20 degrees, and which axes are taken", () => {
    expect(planIssues(placed(tilted(19)), "axial")).toEqual([]);
    expect(planIssues(placed(tilted(30)), "acquisition")).toEqual([]);
    const [told] = planIssues(placed(tilted(30)), "axial");
    expect(told).toMatchObject({
      code: "oblique-slices",
      message: expect.stringContaining("up to 30 degrees"),
    });
    expect(axesOf(planSlices(placed(tilted(30)), "axial"))).toEqual(["0", "1", "2"]);
    expect(axesOf(planSlices(placed(tilted(60)), "axial"))).toEqual(["0", "-2", "1"]);
  });

  test("tell where the axis asked for is not known, and slices are those of the acquisition", () => {
    const geometry = { spacing: [1, 1, 1], unit: "mm" } as const;
    const volume = { name: "scan.nii", size, geometry };
    expect(planIssues(volume, "coronal")).toMatchObject([{ code: "axis-unknown", subject: "scan.nii" }]);
    expect(planIssues(volume, "acquisition")).toEqual([]);
    expect(planSlices(volume, "coronal")).toEqual(planSlices(volume, "acquisition"));
  });
});
