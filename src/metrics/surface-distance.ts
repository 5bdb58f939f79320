// How far apart the borders of two masks are: 95 % Hausdorff distance and average symmetric surface distance, as
// MedPy defines them (medpy.metric.binary `hd95` and `assd`, connectivity 1): a border pixel is one of which a
// neighbour at a side is outside the mask or the image; the distances of each border's pixels to the other border
// are taken together.

import type { Box, Mask, SurfaceDistance } from "../types.ts";
import { distanceTransform } from "./distance-transform.ts";
import { percentile } from "./percentile.ts";

/**
 * Border distances of two masks of one size; null where one of them is empty.
 * @param spacing of pixels along x and y, positive
 */
export function surfaceDistance(
  first: Mask,
  second: Mask,
  spacing: readonly [number, number] = [1, 1],
): SurfaceDistance | null {
  const boxes = [boxOf(first), boxOf(second)];
  if (boxes[0] === null || boxes[1] === null) return null;
  const around = unite(boxes[0], boxes[1]);
  const a = borderOf(crop(first, around));
  const b = borderOf(crop(second, around));
  const distances = Float64Array.from([...distancesAt(a, b, spacing), ...distancesAt(b, a, spacing)]).sort();
  const sum = distances.reduce((total, distance) => total + distance, 0);
  return { hd95: percentile(distances, 0.95), assd: sum / distances.length };
}

function boxOf({ width, height, data }: Mask): Box | null {
  const box = { x0: width, y0: height, x1: -1, y1: -1 };
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (data[i] === 0) continue;
      box.x0 = Math.min(box.x0, x);
      box.x1 = Math.max(box.x1, x);
      box.y0 = Math.min(box.y0, y);
      box.y1 = y;
    }
  }
  return box.x1 < 0 ? null : box;
}

function unite(a: Box, b: Box): Box {
  return {
    x0: Math.min(a.x0, b.x0),
    y0: Math.min(a.y0, b.y0),
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
  };
}

function crop({ width, data }: Mask, { x0, y0, x1, y1 }: Box): Mask {
  const size = { width: x1 - x0 + 1, height: y1 - y0 + 1 };
  const cropped = new Uint8Array(size.width * size.height);
  for (let y = 0; y < size.height; y++) {
    const start = (y0 + y) * width + x0;
    cropped.set(data.subarray(start, start + size.width), y * size.width);
  }
  return { ...size, data: cropped };
}

function borderOf({ width, height, data }: Mask): Mask {
  const border = new Uint8Array(data.length);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (data[i] === 0) continue;
      const atEdge = x === 0 || y === 0 || x === width - 1 || y === height - 1;
      const inner =
        !atEdge && data[i - 1] !== 0 && data[i + 1] !== 0 && data[i - width] !== 0 && data[i + width] !== 0;
      border[i] = inner ? 0 : 1;
    }
  }
  return { width, height, data: border };
}

/** The distances of the pixels of `border` to `other`. */
function distancesAt(border: Mask, other: Mask, spacing: readonly [number, number]): number[] {
  const transform = distanceTransform(other, spacing);
  const distances: number[] = [];
  for (let i = 0; i < transform.length; i++) if (border.data[i] !== 0) distances.push(transform[i]);
  return distances;
}
