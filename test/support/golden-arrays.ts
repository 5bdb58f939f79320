// Arrays as the scripts golden_*.py write them.

import type { Mask, ScalarMap } from "../../src/types.ts";

/** Bits of numpy.packbits: the first item is the highest bit. */
export function unpackBits(base64: string): Uint8Array {
  return Uint8Array.from(
    [...Buffer.from(base64, "base64")].flatMap((byte) =>
      [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => (byte >> bit) & 1),
    ),
  );
}

/** One mask of `width` x `height`. */
export function goldenMask(base64: string, width: number, height: number): Mask {
  return { width, height, data: unpackBits(base64).slice(0, width * height) };
}

/** The masks of [images, height, width]. */
export function goldenMasks(base64: string, [count, height, width]: readonly number[]): Mask[] {
  const bits = unpackBits(base64);
  const area = width * height;
  return Array.from({ length: count }, (_, i) => ({
    width,
    height,
    data: bits.slice(i * area, (i + 1) * area),
  }));
}

/** The float32 maps of [images, height, width]. */
export function goldenMaps(base64: string, [count, height, width]: readonly number[]): ScalarMap[] {
  const floats = new Float32Array(new Uint8Array(Buffer.from(base64, "base64")).buffer);
  const area = width * height;
  return Array.from({ length: count }, (_, i) => ({
    width,
    height,
    data: floats.slice(i * area, (i + 1) * area),
  }));
}
