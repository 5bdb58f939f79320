import { expect, test } from "vitest";
import type { VolumeLesion } from "../volume-types.ts";
import { montage, montageSlices } from "./montage.ts";
import { blankPicture } from "./picture.ts";

function lesion(first: number, last: number): VolumeLesion {
  return {
    label: 1,
    voxels: 1,
    largestDiameter: 1,
    slices: [first, last],
    box: [
      [0, 0, 0],
      [0, 0, 0],
    ],
    centre: [0, 0, 0],
    score: 1,
    pValue: 0.1,
  };
}

const hundred = Array.from({ length: 100 }, (_, i) => i);

test("a montage shows the middles of lesions among slices at even distances", () => {
  const chosen = montageSlices(hundred, [lesion(40, 44), lesion(90, 91)]);
  expect(chosen).toHaveLength(20);
  expect(chosen).toContain(42);
  expect(chosen).toContain(90);
  expect(chosen.slice(0, 3)).toEqual([2, 7, 12]);
});

test("it shows all slices where they are few, and none twice", () => {
  expect(montageSlices([3, 4, 5], [lesion(4, 4)])).toEqual([3, 4, 5]);
  expect(montageSlices([], [])).toEqual([]);
});

test("pictures stand in rows of five", () => {
  const white = blankPicture(2, 1, [255, 255, 255]);
  const picture = montage(Array.from({ length: 6 }, () => white));
  expect([picture.width, picture.height]).toEqual([5 * 6 - 4, 2 * 5 - 4]);
  const at = (x: number, y: number) => picture.data[(y * picture.width + x) * 3];
  expect([at(0, 0), at(2, 0), at(6, 0), at(0, 5), at(6, 5)]).toEqual([255, 0, 255, 255, 0]);
});
