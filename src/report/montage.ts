// Many slices in one picture: those that matter, in a grid.

import type { VolumeLesion } from "../volume-types.ts";
import { blankPicture, paste, type RgbPicture } from "./picture.ts";

const MOST_TILES = 20;
const COLUMNS = 5;
const GAP = 4;

/**
 * Slices that show what was found, ascending: the middle slice of each lesion, then slices at even distances, of those
 * that show something (`shown`), at most 20.
 */
export function montageSlices(shown: readonly number[], lesions: readonly VolumeLesion[]): number[] {
  const middles = lesions.map(({ slices: [first, last] }) => Math.floor((first + last) / 2));
  const chosen = new Set(middles.filter((index) => shown.includes(index)).slice(0, MOST_TILES));
  const step = shown.length / MOST_TILES;
  for (let i = 0; i < MOST_TILES && chosen.size < MOST_TILES && shown.length > 0; i++) {
    chosen.add(shown[Math.min(shown.length - 1, Math.floor((i + 0.5) * step))]);
  }
  return [...chosen].sort((a, b) => a - b);
}

/** Pictures in a grid of five columns, row by row, each in the middle of its tile; black where there are none. */
export function montage(pictures: readonly RgbPicture[]): RgbPicture {
  const width = Math.max(1, ...pictures.map((picture) => picture.width));
  const height = Math.max(1, ...pictures.map((picture) => picture.height));
  const columns = Math.min(COLUMNS, Math.max(1, pictures.length));
  const rows = Math.max(1, Math.ceil(pictures.length / columns));
  const target = blankPicture(columns * (width + GAP) - GAP, rows * (height + GAP) - GAP);
  for (const [i, picture] of pictures.entries()) {
    const x = (i % columns) * (width + GAP) + ((width - picture.width) >> 1);
    const y = Math.floor(i / columns) * (height + GAP) + ((height - picture.height) >> 1);
    paste(target, picture, { x, y });
  }
  return target;
}
