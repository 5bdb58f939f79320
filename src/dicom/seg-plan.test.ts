import { expect, test } from "vitest";
import { madeLesion } from "../../test/support/made-dicom.ts";
import { planSegments } from "./seg-plan.ts";

// Two pixels a slice, three slices; the second lesion has no voxel.
const result = {
  size: [2, 1, 3] as const,
  labels: Uint16Array.of(1, 0, 0, 0, 1, 3),
  lesions: [madeLesion(3), madeLesion(2), madeLesion(1)],
};

test("a segment for each lesion with voxels, a frame for each slice it is in", () => {
  const plan = planSegments(result, "binary");
  expect(plan.lesions.map(({ label }) => label)).toEqual([1, 3]);
  expect([...plan.segments]).toEqual([
    [1, 1],
    [3, 2],
  ]);
  expect(plan.frames).toEqual([
    { segment: 1, slice: 0, plane: 1 },
    { segment: 1, slice: 2, plane: 2 },
    { segment: 2, slice: 2, plane: 2 },
  ]);
});

test("a label map has one frame for each slice with a segment", () => {
  expect(planSegments(result, "labelmap").frames).toEqual([
    { slice: 0, plane: 1 },
    { slice: 2, plane: 2 },
  ]);
});

test("no voxel, no segment", () => {
  const empty = { ...result, labels: new Uint16Array(6) };
  expect(planSegments(empty, "binary")).toEqual({ lesions: [], segments: new Map(), frames: [] });
});

test("a label without a lesion is our fault", () => {
  expect(() => planSegments({ ...result, lesions: [madeLesion(1)] }, "binary")).toThrow("internal error");
});
