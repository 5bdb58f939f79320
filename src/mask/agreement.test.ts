import { expect, test } from "vitest";
import { drawnMask } from "../../test/support/drawn.ts";
import { agreements } from "./agreement.ts";

const large = drawnMask("####", "####");
const half = drawnMask("##..", "##..");
const other = drawnMask("..##", "..##");

test("the mean DICE with the others", () => {
  // DICE of the large one with either half is 2 * 4 / (8 + 4); the halves share nothing.
  expect(agreements([large, half, other], [1, 1, 1])).toEqual([2 / 3, 1 / 3, 1 / 3]);
});

test("copies of a mask agree with it", () => {
  expect(agreements([large, half], [1, 3])).toEqual([2 / 3, (2 + 2 / 3) / 3]);
});

test("a mask that is alone agrees", () => {
  expect(agreements([half], [1])).toEqual([1]);
  expect(agreements([half], [4])).toEqual([1]);
  expect(agreements([], [])).toEqual([]);
});

test("empty masks agree with each other and with nothing else", () => {
  const empty = drawnMask("....", "....");
  expect(agreements([empty, empty, half], [1, 1, 1])).toEqual([0.5, 0.5, 0]);
});

test("pixels are counted in every place of large masks", () => {
  const rows = (from: number, to: number) => {
    const data = new Uint8Array(70).fill(1, from, to);
    return { width: 70, height: 1, data };
  };
  // 70, 40 and 30 pixels; the last two share those from 30 to 40.
  const [all, left, right] = [rows(0, 70), rows(0, 40), rows(30, 60)];
  const [toLeft, toRight, between] = [80 / 110, 60 / 100, 20 / 70];
  const expected = [(toLeft + toRight) / 2, (toLeft + between) / 2, (toRight + between) / 2];
  expect(agreements([all, left, right], [1, 1, 1])).toEqual(expected);
});
