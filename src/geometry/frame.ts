// The one place that converts between the ORIGINAL frame (the image as read) and the MODEL frame (the image in the
// middle of a square of zeros, as torchvision's CenterCrop pads, resized to the model's input side). Pixel centres
// are whole numbers in both; the square is only an address space and is never held in memory.

import { MiasError } from "../errors.ts";
import type { Box, Frame, Mask, Point, ScalarMap } from "../types.ts";
import { assert } from "../util/assert.ts";
import { type BilinearAxis, bilinearAxis, resample, resampleRows } from "./bilinear.ts";

/**
 * The frame of an image of `width` x `height` pixels for a model with a square input of `size` pixels.
 * @throws MiasError `usage` where a length is not a positive whole number
 */
export function createFrame(width: number, height: number, size: number): Frame {
  for (const [name, value] of Object.entries({ width, height, size })) {
    if (Number.isSafeInteger(value) && value > 0) continue;
    throw new MiasError("usage", name, `${name} must be a positive whole number of pixels, got ${value}`);
  }
  const side = Math.max(width, height);
  const padLeft = Math.floor((side - width) / 2);
  const padTop = Math.floor((side - height) / 2);
  return { width, height, side, padLeft, padTop, size };
}

/** From original to model pixels. Points outside the image are mapped too. */
export function toModel(frame: Frame, point: Point): Point {
  const scale = frame.size / frame.side;
  return {
    x: (point.x + frame.padLeft + 0.5) * scale - 0.5,
    y: (point.y + frame.padTop + 0.5) * scale - 0.5,
  };
}

/** From model to original pixels. A point in the padding lies outside the image. */
export function toOriginal(frame: Frame, point: Point): Point {
  const scale = frame.side / frame.size;
  return {
    x: (point.x + 0.5) * scale - 0.5 - frame.padLeft,
    y: (point.y + 0.5) * scale - 0.5 - frame.padTop,
  };
}

/** From model to original pixels, clamped to the image. */
export function boxToOriginal(frame: Frame, box: Box): Box {
  const start = toOriginal(frame, { x: box.x0, y: box.y0 });
  const end = toOriginal(frame, { x: box.x1, y: box.y1 });
  return clampedBox(start, end, frame.width, frame.height);
}

/** A box of whole original pixels as the model's pixels that they cover. */
export function boxToModel({ size, side, padLeft, padTop }: Frame, { x0, y0, x1, y1 }: Box): Box {
  const scale = size / side;
  return {
    x0: (x0 + padLeft) * scale,
    y0: (y0 + padTop) * scale,
    x1: Math.max((x1 + 1 + padLeft) * scale - 1, (x0 + padLeft) * scale),
    y1: Math.max((y1 + 1 + padTop) * scale - 1, (y0 + padTop) * scale),
  };
}

function clampedBox(start: Point, end: Point, width: number, height: number): Box {
  return {
    x0: clamp(start.x, width - 1),
    y0: clamp(start.y, height - 1),
    x1: clamp(end.x, width - 1),
    y1: clamp(end.y, height - 1),
  };
}

function clamp(value: number, max: number): number {
  return Math.min(max, Math.max(0, value));
}

/**
 * A map or logits over the model's square [n, n] -> [height, width] in original pixels, bilinear. n is the frame's
 * `size`, or any other sampling of the same square. Where n equals the frame's `side` it is an exact crop.
 */
export function mapToOriginal(frame: Frame, map: ScalarMap): ScalarMap {
  const { columns, rows } = originalAxes(frame, map);
  return resample(map, columns, rows);
}

/** The mask of the logits [n, n]: original pixels where they are positive after bilinear sampling. */
export function maskToOriginal(frame: Frame, logits: ScalarMap): Mask {
  const { columns, rows } = originalAxes(frame, logits);
  const { width, height } = frame;
  const data = new Uint8Array(width * height);
  resampleRows(logits, columns, rows, (row, y) => {
    const start = y * width;
    for (let x = 0; x < width; x++) data[start + x] = row[x] > 0 ? 1 : 0;
  });
  return { width, height, data };
}

function originalAxes(frame: Frame, map: ScalarMap): { columns: BilinearAxis; rows: BilinearAxis } {
  assert(map.width === map.height, `a map of the model's square is ${map.width} x ${map.height}`);
  return {
    columns: bilinearAxis(map.width, frame.side, frame.padLeft, frame.width),
    rows: bilinearAxis(map.height, frame.side, frame.padTop, frame.height),
  };
}
