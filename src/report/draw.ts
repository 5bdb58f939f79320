// Lines and marks drawn into a picture, in place and clipped to it. No anti-aliasing: a contour shows exactly
// which pixels a mask holds.

import type { Box, Mask, Point } from "../types.ts";
import type { Rgb, RgbPicture } from "./picture.ts";

/** A line of two pixels along the edge of the mask, one inside and one outside; one where the picture ends. */
export function drawContour(picture: RgbPicture, mask: Mask, colour: Rgb): void {
  const { width, height, data } = mask;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const inside = data[i];
      if (x + 1 < width && inside !== data[i + 1]) paintPair(picture, i, i + 1, colour);
      if (y + 1 < height && inside !== data[i + width]) paintPair(picture, i, i + width, colour);
      const onBorder = x === 0 || y === 0 || x + 1 === width || y + 1 === height;
      if (inside && onBorder) paintIndex(picture, i, colour);
    }
  }
}

/** The outline of a box, one pixel wide; its corners are pixels of the picture and belong to it. */
export function drawBox(picture: RgbPicture, box: Box, colour: Rgb): void {
  for (let x = Math.max(0, box.x0); x <= Math.min(box.x1, picture.width - 1); x++) {
    paint(picture, x, box.y0, colour);
    paint(picture, x, box.y1, colour);
  }
  for (let y = Math.max(0, box.y0); y <= Math.min(box.y1, picture.height - 1); y++) {
    paint(picture, box.x0, y, colour);
    paint(picture, box.x1, y, colour);
  }
}

/** The pixels whose centres are at least `inner` and at most `outer` from `centre`: a ring, or a disc from 0. */
export function drawRing(
  picture: RgbPicture,
  centre: Point,
  inner: number,
  outer: number,
  colour: Rgb,
): void {
  const reach = Math.ceil(outer);
  const x0 = Math.round(centre.x);
  const y0 = Math.round(centre.y);
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      const distance = Math.hypot(x, y);
      if (distance >= inner && distance <= outer) paint(picture, x0 + x, y0 + y, colour);
    }
  }
}

/** An upright cross, `2 * arm + 1` pixels long and `2 * half + 1` wide. */
export function drawCross(picture: RgbPicture, centre: Point, arm: number, half: number, colour: Rgb): void {
  const x0 = Math.round(centre.x);
  const y0 = Math.round(centre.y);
  for (let along = -arm; along <= arm; along++) {
    for (let across = -half; across <= half; across++) {
      paint(picture, x0 + along, y0 + across, colour);
      paint(picture, x0 + across, y0 + along, colour);
    }
  }
}

function paint(picture: RgbPicture, x: number, y: number, colour: Rgb): void {
  if (x < 0 || y < 0 || x >= picture.width || y >= picture.height) return;
  paintIndex(picture, y * picture.width + x, colour);
}

function paintPair(picture: RgbPicture, first: number, second: number, colour: Rgb): void {
  paintIndex(picture, first, colour);
  paintIndex(picture, second, colour);
}

function paintIndex(picture: RgbPicture, index: number, colour: Rgb): void {
  picture.data[index * 3] = colour[0];
  picture.data[index * 3 + 1] = colour[1];
  picture.data[index * 3 + 2] = colour[2];
}
