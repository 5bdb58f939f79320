import { type Decoded, decodeWithSharp } from "./decode-with-sharp.ts";
import { damagedImage, unsupportedImage } from "./image-errors.ts";
import {
  claimUnsignedSamples,
  readTiffSamples,
  SAMPLE_FLOAT,
  SAMPLE_SIGNED,
  type TiffSamples,
} from "./tiff-tags.ts";

/**
 * Decodes the first page of a TIFF; see decodeImage.
 *
 * libvips clips signed 16-bit samples at 0 on their way out. As unsigned ones their bits pass unharmed, so that is what
 * the file is made to claim, and the bits are read as signed ones afterwards.
 */
export async function decodeTiff(bytes: Uint8Array, name: string): Promise<Decoded> {
  const { bits, format } = samplesOf(bytes, name);
  if (format === SAMPLE_FLOAT && bits !== 32) {
    throw unsupportedImage(name, `must have float samples of 32 bits, got ${bits}; convert it`);
  }
  if (format !== SAMPLE_SIGNED || bits !== 16) return decodeWithSharp(bytes, name, "TIFF");
  const { raster, issues } = await decodeWithSharp(claimUnsignedSamples(bytes), name, "TIFF");
  const data = Float32Array.from(raster.data, (value) => (value << 16) >> 16);
  return { raster: { ...raster, data }, issues };
}

function samplesOf(bytes: Uint8Array, name: string): TiffSamples {
  try {
    return readTiffSamples(bytes);
  } catch (error) {
    throw damagedImage(name, "TIFF", "it ends in its directory", error);
  }
}
