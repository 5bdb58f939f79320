import { expect, test } from "vitest";
import { drawnMap, drawnMask } from "../../test/support/drawn.ts";
import { findLesions } from "./lesions.ts";

const map = drawnMap("51009", "13009", "00200");

test("each component is a lesion with its peak in the map, the most deviant first", () => {
  const mask = drawnMask("#....", ".#..#", "....#");
  expect(findLesions(mask, map, [2, 4, 8])).toEqual([
    {
      ...{ area: 2, box: { x0: 4, y0: 1, x1: 4, y1: 2 }, centre: { x: 4, y: 1.5 } },
      ...{ score: 9, pValue: 1 / 4 },
    },
    {
      ...{ area: 2, box: { x0: 0, y0: 0, x1: 1, y1: 1 }, centre: { x: 0.5, y: 0.5 } },
      ...{ score: 5, pValue: 2 / 4 },
    },
  ]);
});

test("of equal peaks the larger comes first", () => {
  const lesions = findLesions(drawnMask("#.###", "#....", "....."), drawnMap("70700", "00000", "00000"), []);
  expect(lesions.map(({ area, score, pValue }) => ({ area, score, pValue }))).toEqual([
    { area: 3, score: 7, pValue: 1 },
    { area: 2, score: 7, pValue: 1 },
  ]);
});

test("a peak below zero is a score too", () => {
  const below = { ...map, data: map.data.map((value) => value - 20) };
  expect(findLesions(drawnMask(".....", "....#", "....."), below, [0])[0]).toMatchObject({
    score: -11,
    pValue: 1,
  });
});

test("an empty mask has no lesions", () => {
  expect(findLesions(drawnMask(".....", ".....", "....."), map, [1])).toEqual([]);
});
