// The place of one lesion, and what its makers share. All arrays are [height, width] of the outline's rectangle.

import type { ScalarMap } from "../types.ts";
import { gaussian } from "../util/gaussian.ts";
import type { Random } from "../util/prng.ts";
import type { NormalImage } from "./normal-image.ts";
import { coverage, type Outline } from "./outline.ts";

export interface Site {
  readonly normal: NormalImage;
  readonly outline: Outline;
  /** Of the image as altered so far. */
  readonly before: Float32Array;
  /** 1 where the body is. */
  readonly body: Uint8Array;
  /** Other normal images; may be none. */
  readonly donors: readonly NormalImage[];
}

/** What a maker of lesions gives: new values, and the pixels that belong to the lesion. */
export interface Change {
  readonly values: Float32Array;
  readonly mask: Uint8Array;
}

/** Makes one lesion; undefined where nothing visible would come of it. */
export type LesionMaker = (site: Site, random: Random) => Change | undefined;

/** A lesion's place in `current`, which is `normal.image` as altered so far. */
export function openSite(
  normal: NormalImage,
  current: ScalarMap,
  outline: Outline,
  donors: readonly NormalImage[],
): Site {
  const size = outline.width * outline.height;
  const before = new Float32Array(size);
  const body = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const pixel = pixelOf(outline, i, current.width);
    before[i] = current.data[pixel];
    body[i] = normal.body.data[pixel];
  }
  return { normal, outline, before, body, donors };
}

/** Index in the image of pixel `i` of the outline's rectangle. */
export function pixelOf(outline: Outline, i: number, imageWidth: number): number {
  const column = i % outline.width;
  return (outline.y0 + (i - column) / outline.width) * imageWidth + outline.x0 + column;
}

/** How much of each pixel the lesion covers, 0 .. 1, none outside the body; `inset` pixels within the outline. */
export function coverOf({ outline, body }: Site, softness: number, inset = 0): Float32Array {
  return outline.depth.map((depth, i) => body[i] * coverage(depth - inset, softness));
}

/** Pixels that are covered by half or more. */
export function halfCovered(cover: Float32Array): Uint8Array {
  return Uint8Array.from(cover, (share) => (share >= 0.5 ? 1 : 0));
}

export function weightedMean(values: Float32Array, weights: ArrayLike<number>): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sum += weights[i] * values[i];
    total += weights[i];
  }
  return total > 0 ? sum / total : 0;
}

/** Size of the change that is left after smoothing by `sigma` pixels, as a share of the body's range. */
export function visibleChange(
  { outline, before, normal }: Site,
  after: Float32Array,
  sigma: number,
): Float32Array {
  const { width, height } = outline;
  const change = gaussian({ width, height, data: after.map((value, i) => value - before[i]) }, sigma);
  return change.data.map((value) => Math.abs(value) / normal.span);
}
