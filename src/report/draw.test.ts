import { expect, test } from "vitest";
import { drawBox, drawContour, drawCross, drawRing } from "./draw.ts";
import { blankPicture, type Rgb, type RgbPicture } from "./picture.ts";

const white: Rgb = [255, 255, 255];

/** The picture as rows of "." (black) and "#". */
function rows({ width, height, data }: RgbPicture): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (data[(y * width + x) * 3] > 0 ? "#" : ".")).join(""),
  );
}

test("drawContour draws one pixel inside and one outside the edge", () => {
  const picture = blankPicture(7, 6);
  const mask = { width: 7, height: 6, data: new Uint8Array(42) };
  for (const [x, y] of [2, 3, 4].flatMap((y) => [2, 3, 4].map((x) => [x, y]))) mask.data[y * 7 + x] = 1;
  drawContour(picture, mask, white);
  expect(rows(picture)).toEqual([".......", "..###..", ".#####.", ".##.##.", ".#####.", "..###.."]);
});

test("drawContour closes the outline where the picture ends", () => {
  const picture = blankPicture(4, 3);
  drawContour(picture, { width: 4, height: 3, data: new Uint8Array(12).fill(1) }, white);
  expect(rows(picture)).toEqual(["####", "#..#", "####"]);
});

test("drawBox draws the corners' pixels and stays inside the picture", () => {
  const picture = blankPicture(5, 4);
  drawBox(picture, { x0: 1, y0: 1, x1: 1e9, y1: 3 }, white);
  expect(rows(picture)).toEqual([".....", ".####", ".#...", ".####"]);
});

test("drawRing draws discs and rings", () => {
  const disc = blankPicture(5, 5);
  drawRing(disc, { x: 2, y: 2 }, 0, 1, white);
  expect(rows(disc)).toEqual([".....", "..#..", ".###.", "..#..", "....."]);
  const ring = blankPicture(3, 3);
  drawRing(ring, { x: 1, y: 1 }, 1, 1.5, white);
  expect(rows(ring)).toEqual(["###", "#.#", "###"]);
});

test("drawCross draws both arms around the nearest pixel", () => {
  const picture = blankPicture(5, 5);
  drawCross(picture, { x: 1.6, y: 2.4 }, 2, 0, white);
  expect(rows(picture)).toEqual(["..#..", "..#..", "#####", "..#..", "..#.."]);
});
