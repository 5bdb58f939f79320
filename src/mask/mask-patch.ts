import type { Box, Mask, ScalarMap } from "../types.ts";
import { positiveBounds } from "../util/positive-bounds.ts";

/** The part of a mask that is not empty, so that many slices' masks fit in memory. */
export interface MaskPatch {
  readonly box: Box;
  /** Pixels of the mask. */
  readonly area: number;
  /** 0 or 1, row-major over the box. */
  readonly data: Uint8Array;
}

/** The patch of a mask; undefined for an empty one. */
export function patchOf(mask: Mask): MaskPatch | undefined {
  const bounds = positiveBounds(mask);
  if (bounds === undefined) return undefined;
  const { area, ...box } = bounds;
  const columns = box.x1 - box.x0 + 1;
  const data = new Uint8Array(columns * (box.y1 - box.y0 + 1));
  for (let y = box.y0, out = 0; y <= box.y1; y++, out += columns) {
    const start = y * mask.width;
    data.set(mask.data.subarray(start + box.x0, start + box.x1 + 1), out);
  }
  return { box, area, data };
}

/** The union of patches as a mask of `width` x `height` pixels. */
export function maskOfPatches(patches: readonly MaskPatch[], width: number, height: number): Mask {
  const data = new Uint8Array(width * height);
  for (const { box, data: part } of patches) {
    for (let y = box.y0, i = 0; y <= box.y1; y++) {
      for (let x = box.x0; x <= box.x1; x++, i++) data[y * width + x] |= part[i];
    }
  }
  return { width, height, data };
}

/** Pixels that are in both. */
export function sharedArea(a: MaskPatch, b: MaskPatch): number {
  const [x0, x1] = [Math.max(a.box.x0, b.box.x0), Math.min(a.box.x1, b.box.x1)];
  const [y0, y1] = [Math.max(a.box.y0, b.box.y0), Math.min(a.box.y1, b.box.y1)];
  let shared = 0;
  for (let y = y0; y <= y1; y++) {
    for (let x = x0; x <= x1; x++) if (isInside(a, x, y) && isInside(b, x, y)) shared++;
  }
  return shared;
}

/** Whether two patches share a pixel. */
export function overlap(a: MaskPatch, b: MaskPatch): boolean {
  return sharedArea(a, b) > 0;
}

/** Largest value of a map inside a patch. */
export function largestInside(patch: MaskPatch, { width, data }: ScalarMap): number {
  const { box, data: part } = patch;
  let largest = Number.NEGATIVE_INFINITY;
  for (let y = box.y0, i = 0; y <= box.y1; y++) {
    for (let x = box.x0; x <= box.x1; x++, i++) {
      if (part[i] === 1) largest = Math.max(largest, data[y * width + x]);
    }
  }
  return largest;
}

function isInside({ box, data }: MaskPatch, x: number, y: number): boolean {
  return data[(y - box.y0) * (box.x1 - box.x0 + 1) + x - box.x0] === 1;
}
