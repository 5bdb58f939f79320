import { expect, test } from "vitest";
import { blankPicture } from "./picture.ts";
import { panelSlices, volumePanel } from "./volume-panel.ts";

const slices = [
  { index: 2, score: 1 },
  { index: 3, score: 4 },
  { index: 5, score: 4 },
];

test("slices with a lesion are shown, four at most, at even distances", () => {
  expect(panelSlices([3], slices)).toEqual([3]);
  expect(panelSlices([3, 4, 5], slices)).toEqual([3, 4, 5]);
  expect(panelSlices([0, 1, 2, 3, 4, 5, 6, 7], slices)).toEqual([1, 3, 5, 7]);
});

test("where there are none, the slice of the highest score is", () => {
  expect(panelSlices([], slices)).toEqual([3]);
  expect(panelSlices([], [])).toEqual([0]);
});

test("panels stand one below the other", () => {
  const panel = volumePanel([blankPicture(2, 1, [9, 9, 9]), blankPicture(3, 1, [7, 7, 7])]);
  expect([panel.width, panel.height]).toEqual([3, 6]);
  expect([...panel.data.subarray(0, 9)]).toEqual([9, 9, 9, 9, 9, 9, 96, 96, 96]);
  expect([...panel.data.subarray(-9)]).toEqual([7, 7, 7, 7, 7, 7, 7, 7, 7]);
});
