// What stands out from its surroundings, as a feature map: how much brighter a place is than what lies around it. It is
// measured within the body, in spreads of the body. So it has no unit, what lies beyond the body's edge does not count,
// and a slow change over the image (a coil's bias field) hardly does.

import { LOCAL_INTENSITY } from "../options.ts";
import type { FeatureMap, ScalarMap } from "../types.ts";
import { gaussian } from "../util/gaussian.ts";
import { within } from "../util/within.ts";
import { bodyBrightness, innerBody } from "./body.ts";

/** Standard deviations of a place and of its surroundings, as shares of the side: 3 and 12, 5 and 20 pixels of 256. */
const SCALES: readonly (readonly [place: number, around: number])[] = [
  [3 / 256, 12 / 256],
  [5 / 256, 20 / 256],
];
export const LOCAL_CHANNELS = SCALES.length;

/** The edge of the body, as a share of the side: pixels there are partly background. */
const EDGE = 2 / 256;
/** A place that is further from its surroundings counts as this far, in spreads: vessels and fat are no outliers. */
const MOST = 0.2;
/** A place says nothing where less of what it is smoothed over is body. */
const LEAST_BODY = 0.05;

/**
 * How much brighter each of `side` x `side` places is than its surroundings in the body, in spreads of the body, -0.2 .. 0.2:
 * [2, side, side]. Zero outside the body, and all over an image whose body has one brightness.
 * @param image the encoder's input, one channel of it, [size, size]; size is a multiple of side
 */
export function localIntensityFeature(
  image: ScalarMap,
  side: number,
  { limit, spread } = bodyBrightness(image),
): FeatureMap {
  const places = side * side;
  const data = new Float32Array(LOCAL_CHANNELS * places);
  const cells = bodyCells(image, side, limit);
  for (const [channel, [place, around]] of SCALES.entries()) {
    const near = smoothedBody(cells, place * side);
    const far = smoothedBody(cells, around * side);
    for (let i = 0; i < places; i++) {
      if (near.share[i] < LEAST_BODY) continue;
      data[channel * places + i] = within(MOST, (near.value[i] - far.value[i]) / spread);
    }
  }
  return { name: LOCAL_INTENSITY, channels: LOCAL_CHANNELS, height: side, width: side, data };
}

/** An image in cells: how much of each is body, and the sum of the body's values there, both over the cell's pixels. */
interface BodyCells {
  readonly share: ScalarMap;
  readonly sum: ScalarMap;
}

function bodyCells(image: ScalarMap, side: number, limit: number): BodyCells {
  const { width, data } = image;
  const inner = innerBody(image, limit, Math.round(EDGE * width));
  const step = width / side;
  const part = 1 / (step * step);
  const share = new Float32Array(side * side);
  const sum = new Float32Array(side * side);
  for (let y = 0, i = 0; y < width; y++) {
    const first = Math.floor(y / step) * side;
    for (let x = 0; x < width; x++, i++) {
      if (inner[i] === 0) continue;
      const cell = first + Math.floor(x / step);
      share[cell] += part;
      sum[cell] += part * data[i];
    }
  }
  return { share: { width: side, height: side, data: share }, sum: { width: side, height: side, data: sum } };
}

/** Mean brightness of the body around each cell, weighted by a Gaussian, and how much of its weight is body. */
function smoothedBody(
  { share, sum }: BodyCells,
  sigma: number,
): { value: Float32Array; share: Float32Array } {
  const weight = gaussian(share, sigma).data;
  const total = gaussian(sum, sigma).data;
  return { value: total.map((value, i) => (weight[i] > 0 ? value / weight[i] : 0)), share: weight };
}
