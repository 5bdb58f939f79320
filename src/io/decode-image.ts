import type { MedicalImage } from "../types.ts";
import { decodeBmp } from "./decode-bmp.ts";
import { decodeTiff } from "./decode-tiff.ts";
import { decodeWithSharp } from "./decode-with-sharp.ts";
import { imageOfRaster } from "./raster.ts";
import { requireImageFormat } from "./require-format.ts";

/**
 * Decodes the bytes of a PNG, JPEG, TIFF, WebP or BMP file, told apart by content.
 *
 * Samples come out exactly as stored, without colour profile or gamma: 8-bit ones as Uint8Array, 16-bit ones as
 * Uint16Array; 32-bit floats and signed or 32-bit integers as Float32Array (integers beyond 2^24 are rounded). Grey of
 * fewer than 8 bits is spread over 0..255, palettes are looked up, CMYK is converted.
 *
 * The picture stays as it is stored even where EXIF or TIFF asks to turn it: masks are drawn on the stored raster, and
 * a turned picture would no longer lie under its mask.
 *
 * `name` is used in messages and as the image's name. Throws MiasError `image-unreadable` or `image-unsupported`.
 */
export async function decodeImage(bytes: Uint8Array, name: string): Promise<MedicalImage> {
  const format = requireImageFormat(bytes, name);
  if (format === "BMP") return imageOfRaster(name, decodeBmp(bytes, name), []);
  const decode = format === "TIFF" ? decodeTiff : decodeWithSharp;
  const { raster, issues } = await decode(bytes, name, format);
  return imageOfRaster(name, raster, issues);
}
