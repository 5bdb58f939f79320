// A float picture as TIFF 6.0 (little endian, one channel, one strip, not compressed): the values as they are, readable
// by every TIFF reader. Leaves out: files over 4 GiB.

import type { ScalarMap } from "../types.ts";
import { assert } from "../util/assert.ts";

const SHORT = 3;
const LONG = 4;
const HEADER_BYTES = 8;
const ENTRY_BYTES = 12;

/** Encodes a map as a TIFF of 32-bit floats; every value, NaN included, keeps its bits. */
export function encodeTiff32(map: ScalarMap): Uint8Array {
  const { width, height, data } = map;
  assert(data.length === width * height, `a map of ${width} x ${height} has ${data.length} values`);
  const fields = (pixelOffset: number): readonly (readonly [tag: number, type: number, value: number])[] => [
    [256, LONG, width],
    [257, LONG, height],
    [258, SHORT, 32], // bits per sample
    [259, SHORT, 1], // no compression
    [262, SHORT, 1], // black is zero
    [273, LONG, pixelOffset],
    [277, SHORT, 1], // samples per pixel
    [278, LONG, height], // rows per strip
    [279, LONG, 4 * data.length],
    [339, SHORT, 3], // samples are IEEE 754 floats
  ];
  const count = fields(0).length;
  const pixelOffset = align4(HEADER_BYTES + 2 + ENTRY_BYTES * count + 4);
  const view = new DataView(new ArrayBuffer(pixelOffset + 4 * data.length));
  view.setUint32(0, 0x002a4949, true);
  view.setUint32(4, HEADER_BYTES, true);
  view.setUint16(HEADER_BYTES, count, true);
  fields(pixelOffset).forEach(([tag, type, value], index) => {
    const at = HEADER_BYTES + 2 + ENTRY_BYTES * index;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, 1, true);
    view.setUint32(at + 8, value, true);
  });
  // As integers, so that a NaN keeps its bits too.
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  for (let index = 0; index < bits.length; index++) {
    view.setUint32(pixelOffset + 4 * index, bits[index], true);
  }
  return new Uint8Array(view.buffer);
}

function align4(offset: number): number {
  return Math.ceil(offset / 4) * 4;
}
