// How an image is brought to the size of a picture. Large ones are reduced: each pixel becomes the mean (images,
// maps) or the maximum (masks) of the pixels under it, so that not even a lesion of one pixel is lost. Small ones
// are then enlarged by a whole factor, so that each pixel stays a sharp square.

import type { Mask, Point, ScalarMap } from "../types.ts";
import type { RgbPicture } from "./picture.ts";

/** Sizes on the way from an image to its picture: image -> reduced -> picture, the last by a whole factor. */
export interface View {
  readonly imageWidth: number;
  readonly imageHeight: number;
  readonly reducedWidth: number;
  readonly reducedHeight: number;
  readonly factor: number;
}

/**
 * The view of a `width` x `height` image whose longer side is at most `most` pixels and, as far as that allows,
 * at least `least`.
 */
export function fitView(width: number, height: number, least: number, most: number): View {
  const side = Math.max(width, height);
  const scale = Math.min(1, most / side);
  return {
    imageWidth: width,
    imageHeight: height,
    reducedWidth: Math.max(1, Math.round(width * scale)),
    reducedHeight: Math.max(1, Math.round(height * scale)),
    factor: Math.max(1, Math.min(Math.ceil(least / side), Math.floor(most / side))),
  };
}

/** Where a point of the image lies in the picture; pixel centres are whole numbers in both. */
export function toPicture(view: View, point: Point): Point {
  const scaleX = (view.reducedWidth * view.factor) / view.imageWidth;
  const scaleY = (view.reducedHeight * view.factor) / view.imageHeight;
  return { x: (point.x + 0.5) * scaleX - 0.5, y: (point.y + 0.5) * scaleY - 0.5 };
}

/** The map, reduced as the view says; the map itself where it says nothing. */
export function reduceMap(map: ScalarMap, view: View): ScalarMap {
  const { reducedWidth: width, reducedHeight: height } = view;
  if (width === map.width && height === map.height) return map;
  return { width, height, data: reduced(map, width, height) };
}

/** The mask at the size of the picture. */
export function pictureMask(mask: Mask, view: View): Mask {
  const { reducedWidth: width, reducedHeight: height, factor } = view;
  if (width === mask.width && height === mask.height) return enlarge(mask, 1, factor);
  const share = reduced(mask, width, height);
  return enlarge({ width, height, data: Uint8Array.from(share, (value) => (value > 0 ? 1 : 0)) }, 1, factor);
}

/** The picture with each pixel made a square of `factor` x `factor`. */
export function enlargePicture(picture: RgbPicture, factor: number): RgbPicture {
  return enlarge(picture, 3, factor);
}

interface Raster<Data> {
  readonly width: number;
  readonly height: number;
  readonly data: Data;
}

/** Mean over the source pixels that each target pixel touches. */
function reduced(source: Raster<Float32Array | Uint8Array>, width: number, height: number): Float32Array {
  const target = new Float32Array(width * height);
  const columns = spans(source.width, width);
  const rows = spans(source.height, height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const count = (rows.stop[y] - rows.start[y]) * (columns.stop[x] - columns.start[x]);
      let sum = 0;
      for (let row = rows.start[y]; row < rows.stop[y]; row++) {
        const first = row * source.width;
        for (let column = columns.start[x]; column < columns.stop[x]; column++)
          sum += source.data[first + column];
      }
      target[at] = sum / count;
    }
  }
  return target;
}

/** For each of `to` target pixels, the source pixels [start, stop) of `from` that it touches. */
function spans(from: number, to: number): { start: Int32Array; stop: Int32Array } {
  const start = Int32Array.from({ length: to }, (_, i) => Math.floor((i * from) / to));
  const stop = Int32Array.from({ length: to }, (_, i) => Math.ceil(((i + 1) * from) / to));
  return { start, stop };
}

function enlarge(source: Raster<Uint8Array>, channels: number, factor: number): Raster<Uint8Array> {
  if (factor === 1) return source;
  const width = source.width * factor;
  const height = source.height * factor;
  const data = new Uint8Array(width * height * channels);
  const stride = width * channels;
  for (let y = 0, from = 0; y < source.height; y++) {
    const first = y * factor * stride;
    for (let x = 0, to = first; x < source.width; x++, from += channels) {
      for (let i = 0; i < factor; i++) {
        for (let channel = 0; channel < channels; channel++) data[to++] = source.data[from + channel];
      }
    }
    for (let i = 1; i < factor; i++) data.copyWithin(first + i * stride, first, first + stride);
  }
  return { width, height, data };
}
