import type { Point } from "../types.ts";

/** A picture for people: row-major RGB bytes. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** A picture of one colour. */
export function blankPicture(width: number, height: number, colour: Rgb = [0, 0, 0]): RgbPicture {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = colour[i % 3];
  return { width, height, data };
}

/** Pictures from left to right, aligned at the top, with `gap` pixels of `colour` between them. */
export function sideBySide(pictures: readonly RgbPicture[], gap = 4, colour: Rgb = [96, 96, 96]): RgbPicture {
  const width = pictures.reduce(
    (sum, picture) => sum + picture.width,
    gap * Math.max(0, pictures.length - 1),
  );
  const height = Math.max(0, ...pictures.map((picture) => picture.height));
  const target = blankPicture(width, height, colour);
  let left = 0;
  for (const picture of pictures) {
    paste(target, picture, { x: left, y: 0 });
    left += picture.width + gap;
  }
  return target;
}

/** Puts a picture into `target`, its upper left pixel at `corner`; it must lie within. */
export function paste(target: RgbPicture, picture: RgbPicture, corner: Point): void {
  for (let y = 0; y < picture.height; y++) {
    const row = picture.data.subarray(y * picture.width * 3, (y + 1) * picture.width * 3);
    target.data.set(row, ((corner.y + y) * target.width + corner.x) * 3);
  }
}
