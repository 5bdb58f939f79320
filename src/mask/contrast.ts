// How well a mask fits the anomaly map: mean of the map inside minus mean in a ring around the mask.

import type { Box, Mask, ScalarMap } from "../types.ts";
import { positiveBounds } from "../util/positive-bounds.ts";

/** Width of the ring as a share of the square root of the mask's area, and at least so many pixels. */
const RING_SHARE = 0.15;
const RING_LEAST = 2;

/** Chamfer distance weights (Borgefors 1986): a step is 3, a diagonal one 4, so a pixel is 3 wide. */
const STEP = 3;
const DIAGONAL = 4;

/**
 * Mean of `map` inside `mask` minus its mean in the ring around it; -Infinity for an empty mask.
 * A mask without a ring, because it fills the image, is compared with 0.
 */
export function contrast(mask: Mask, map: ScalarMap): number {
  const bounds = positiveBounds(mask);
  if (bounds === undefined) return Number.NEGATIVE_INFINITY;
  const width = Math.max(RING_LEAST, RING_SHARE * Math.sqrt(bounds.area));
  const window = grow(bounds, Math.ceil(width), mask);
  const distance = distanceTo(mask, window);
  let inside = 0;
  let ring = 0;
  let ringArea = 0;
  for (let y = window.y0, i = 0; y <= window.y1; y++) {
    for (let x = window.x0; x <= window.x1; x++, i++) {
      const value = map.data[y * map.width + x];
      if (distance[i] === 0) inside += value;
      else if (distance[i] <= width * STEP) {
        ring += value;
        ringArea++;
      }
    }
  }
  return inside / bounds.area - (ringArea > 0 ? ring / ringArea : 0);
}

function grow(window: Box, by: number, { width, height }: Mask): Box {
  return {
    x0: Math.max(0, window.x0 - by),
    y0: Math.max(0, window.y0 - by),
    x1: Math.min(width - 1, window.x1 + by),
    y1: Math.min(height - 1, window.y1 + by),
  };
}

/** Chamfer distance of every pixel of the window to the mask, in thirds of a pixel; two passes. */
function distanceTo(mask: Mask, window: Box): Int32Array {
  const columns = window.x1 - window.x0 + 1;
  const rows = window.y1 - window.y0 + 1;
  const stride = columns + 2;
  const far = STEP * (columns + rows);
  const padded = new Int32Array(stride * (rows + 2)).fill(far);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const at = (y + 1) * stride + x + 1;
      if (mask.data[(window.y0 + y) * mask.width + window.x0 + x] !== 0) padded[at] = 0;
      else padded[at] = nearest(padded, far, at - 1, at - stride - 1, at - stride, at - stride + 1);
    }
  }
  const distance = new Int32Array(columns * rows);
  for (let y = rows - 1; y >= 0; y--) {
    for (let x = columns - 1; x >= 0; x--) {
      const at = (y + 1) * stride + x + 1;
      padded[at] = nearest(padded, padded[at], at + 1, at + stride + 1, at + stride, at + stride - 1);
      distance[y * columns + x] = padded[at];
    }
  }
  return distance;
}

function nearest(
  d: Int32Array,
  own: number,
  side: number,
  corner: number,
  middle: number,
  other: number,
): number {
  return Math.min(own, d[side] + STEP, d[corner] + DIAGONAL, d[middle] + STEP, d[other] + DIAGONAL);
}
