// Results as pictures. The same input gives the same bytes: no dates, no profiles, fixed compression.

import { MiasError } from "../errors.ts";
import type { Mask, MedicalImage, ScalarMap } from "../types.ts";
import { assert } from "../util/assert.ts";
import { encodeTiff32 } from "./encode-tiff32.ts";
import { sharp } from "./sharp.ts";

/** A colour picture: 8 bits, row-major, red, green, blue interleaved. */
export interface RgbRaster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A mask as 8-bit grey PNG, 0 outside and 255 inside. */
export async function maskToPng(mask: Mask): Promise<Uint8Array> {
  const grey = mask.data.map((value) => (value === 0 ? 0 : 255));
  return encodePng(grey, mask.width, mask.height, 1, "b-w");
}

/** A grey image of whole values as PNG of its own depth, 8 or 16 bit. */
export async function greyToPng({ width, height, channels, data }: MedicalImage): Promise<Uint8Array> {
  assert(channels === 1 && !(data instanceof Float32Array), "a PNG of real or coloured values");
  return encodePng(data, width, height, 1, data instanceof Uint16Array ? "grey16" : "b-w");
}

/**
 * A map as 16-bit grey PNG: code = round((value - offset) / unit), held within 0..65535; NaN becomes 0. A reader gets
 * the value back as `offset + code * unit`. Throws MiasError `usage` where `unit` is not positive.
 */
export async function mapToPng16(map: ScalarMap, unit: number, offset: number): Promise<Uint8Array> {
  if (!(unit > 0 && Number.isFinite(unit))) {
    throw new MiasError("usage", "unit", `unit of a 16-bit map must be a positive number, got ${unit}`);
  }
  const codes = Uint16Array.from(map.data, (value) => {
    return Math.min(Math.max(Math.round((value - offset) / unit), 0), 65535);
  });
  return encodePng(codes, map.width, map.height, 1, "grey16");
}

/** A map as one-channel TIFF of 32-bit floats, bit for bit. */
export async function mapToTiff32(map: ScalarMap): Promise<Uint8Array> {
  return encodeTiff32(map);
}

/** A colour picture as 8-bit RGB PNG. */
export async function rgbToPng(raster: RgbRaster): Promise<Uint8Array> {
  return encodePng(raster.data, raster.width, raster.height, 3, "srgb");
}

async function encodePng(
  data: Uint8Array | Uint16Array,
  width: number,
  height: number,
  channels: 1 | 3,
  colourspace: "b-w" | "grey16" | "srgb",
): Promise<Uint8Array> {
  const expected = width * height * channels;
  assert(
    data.length === expected,
    `a picture of ${width} x ${height} x ${channels} has ${data.length} values`,
  );
  const png = await sharp(data, { raw: { width, height, channels } })
    .toColourspace(colourspace)
    .png({ compressionLevel: 6, adaptiveFiltering: false, palette: false })
    .toBuffer();
  return withoutPixelSize(png);
}

/** Drops the pHYs chunk: libvips claims a pixel of 1 mm where none is known, and viewers would measure with it. */
function withoutPixelSize(png: Buffer): Uint8Array {
  const start = png.indexOf("pHYs") - 4;
  if (start < 0 || start > png.indexOf("IDAT")) return png;
  const end = start + 12 + png.readUInt32BE(start);
  return Buffer.concat([png.subarray(0, start), png.subarray(end)]);
}
