// What the makers of lesions must know of a normal image: where the body is and how far its grey values reach.

import { MiasError } from "../errors.ts";
import type { Mask, ScalarMap } from "../types.ts";
import { componentsWhere, labelComponents } from "../util/components.ts";
import { filledHoles } from "../util/filled-holes.ts";
import { gaussian } from "../util/gaussian.ts";
import { valueRange } from "../util/value-range.ts";

export interface NormalImage {
  readonly image: ScalarMap;
  /** Pixels that show the body. */
  readonly body: Mask;
  /** Of the body, in pixels. */
  readonly area: number;
  /** Indices of the body's pixels that lie well inside, and of the others. */
  readonly interior: Int32Array;
  readonly border: Int32Array;
  /** 2nd and 98th percentile of the body's values, and their distance. */
  readonly low: number;
  readonly high: number;
  readonly span: number;
  /** Typical size of what varies within a few pixels, noise and fine structure, as a share of `span`; at most 0.1. */
  readonly grain: number;
  /** Smallest and largest value of the image. */
  readonly min: number;
  readonly max: number;
}

/** The body is brighter than this share of the bright level (99th percentile), both above the smallest value. */
const FOREGROUND = 0.1;
/** It is brighter than the air at the picture's edge too, unless that is above this share: then it is body itself. */
const MOST_HAZE = 0.3;
/** Width of the edge that is looked at, as a share of the picture's. */
const FRAME = 0.05;
/** Pieces and holes below this share of the body are noise. */
const SMALLEST_PIECE = 0.05;
const LARGEST_HOLE = 0.01;
/** The body is what fills this share of a small window: two pixels less than what smoothing has widened. */
const INNER = 0.95;
/** Where all is structure, lesions could otherwise never stand out. */
const MOST_GRAIN = 0.1;
/** Pixels of body at least. */
const SMALLEST_BODY = 200;

/**
 * Finds the body: pixels of the smoothed image above 10 % of its 99th percentile and brighter than the air at the
 * picture's edge, without specks, small holes and its outermost pixels.
 * @throws MiasError `image-unsupported` where there is none, or where all of it has one value
 */
export function examineNormal(image: ScalarMap): NormalImage {
  const { min, max } = valueRange(image.data);
  const body = bodyOf(image, min);
  const area = pixelsOf(body);
  if (area < SMALLEST_BODY) {
    const rule = `the body (brighter than ${100 * FOREGROUND} % of the bright level) must have ${SMALLEST_BODY} pixels or more`;
    throw new MiasError("image-unsupported", "image", `${rule}, got ${area}, leave the image out`);
  }
  const values = image.data.filter((_, pixel) => body.data[pixel] === 1).sort();
  const low = percentile(values, 2);
  const high = percentile(values, 98);
  if (!(high > low)) {
    throw new MiasError(
      "image-unsupported",
      "image",
      `the body must vary, got ${low} all over, leave it out`,
    );
  }
  const span = high - low;
  const grain = Math.min(MOST_GRAIN, grainOf(image, body) / span);
  return { image, body, area, ...byDepth(body, area), low, high, span, grain, min, max };
}

/** Standard deviation, by the median, of the image less its Gaussian of 4 pixels, at 1.5 pixels' smoothness. */
function grainOf(image: ScalarMap, body: Mask): number {
  const [fine, coarse] = [gaussian(image, 1.5).data, gaussian(image, 4).data];
  const sizes = fine.map((value, i) => Math.abs(value - coarse[i])).filter((_, i) => body.data[i] === 1);
  return 1.4826 * percentile(sizes.sort(), 50);
}

/** Well inside is where the body nearly fills a Gaussian window that grows with it. */
function byDepth(body: Mask, area: number): { interior: Int32Array; border: Int32Array } {
  const share = gaussian(asMap(body), 0.06 * Math.sqrt(area)).data;
  const pixels = Int32Array.from(body.data.keys()).filter((pixel) => body.data[pixel] === 1);
  return {
    interior: pixels.filter((pixel) => share[pixel] > 0.95),
    border: pixels.filter((pixel) => share[pixel] <= 0.95),
  };
}

function bodyOf(image: ScalarMap, min: number): Mask {
  const smooth = gaussian(image, 1.5);
  const bright = percentile(smooth.data.slice().sort(), 99);
  const level = Math.max(
    min + FOREGROUND * (bright - min),
    hazeLevel(smooth, min + MOST_HAZE * (bright - min)),
  );
  const { width, height } = image;
  const raw = { width, height, data: Uint8Array.from(smooth.data, (value) => (value > level ? 1 : 0)) };
  const pieces = withoutSmallPieces(raw);
  const whole = filledHoles(pieces, LARGEST_HOLE * pixelsOf(pieces));
  const share = gaussian(asMap(whole), 1.5);
  return { width, height, data: Uint8Array.from(share.data, (value) => (value > INNER ? 1 : 0)) };
}

/** The 98th percentile at the picture's edge, where that is below `most`; else nothing is below it. */
function hazeLevel({ width, height, data }: ScalarMap, most: number): number {
  const edge = data.filter((_, i) => {
    const [x, y] = [(i % width) / width, Math.floor(i / width) / height];
    return x < FRAME || y < FRAME || x > 1 - FRAME || y > 1 - FRAME;
  });
  const level = percentile(edge.sort(), 98);
  return level < most ? level : -Infinity;
}

function withoutSmallPieces(mask: Mask): Mask {
  const least = SMALLEST_PIECE * pixelsOf(mask);
  return componentsWhere(labelComponents(mask), ({ area }) => area >= least);
}

function pixelsOf({ data }: Mask): number {
  return data.reduce((sum, inside) => sum + inside, 0);
}

function asMap({ width, height, data }: Mask): ScalarMap {
  return { width, height, data: Float32Array.from(data) };
}

/** Of ascending values, the one of the nearest rank. */
function percentile(ascending: Float32Array, percent: number): number {
  return ascending[Math.round((percent / 100) * (ascending.length - 1))];
}
