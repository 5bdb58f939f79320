// What the patches of an image show: padding beside it, its background, or the body.

import type { Frame, ScalarMap } from "../types.ts";
import { toModel } from "./frame.ts";

/** Beside the image, in the square that it is padded to. */
export const PADDING = 0;
export const BACKGROUND = 1;
export const BODY = 2;

/**
 * The region of each of `rows` x `columns` equal parts of the model's square, by the larger part of its pixels. Where no
 * part lies in the image by half, as of a long strip, all count as image.
 * @param input the image in its frame, [size, size]
 * @param limit what the body is brighter than
 */
export function regionsOf(
  input: ScalarMap,
  frame: Frame,
  rows: number,
  columns: number,
  limit: number,
): Uint8Array {
  const { size, width, height } = frame;
  const start = toModel(frame, { x: -0.5, y: -0.5 });
  const end = toModel(frame, { x: width - 0.5, y: height - 0.5 });
  const isInside = (x: number, y: number) => x > start.x && x < end.x && y > start.y && y < end.y;
  const image = new Uint32Array(rows * columns);
  const body = new Uint32Array(rows * columns);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!isInside(x, y)) continue;
      const part = Math.floor((y * rows) / size) * columns + Math.floor((x * columns) / size);
      image[part]++;
      if (input.data[y * size + x] > limit) body[part]++;
    }
  }
  const half = (size * size) / (rows * columns) / 2;
  const isStrip = image.every((count) => count < half);
  return Uint8Array.from(image, (count, part) => {
    if (body[part] >= half) return BODY;
    return count >= half || isStrip ? BACKGROUND : PADDING;
  });
}
