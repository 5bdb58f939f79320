// What every decoded picture goes through, whatever its codec: missing values, alpha, and colour that is grey.

import { MiasError } from "../errors.ts";
import { type IssueCode, issue } from "../issues.ts";
import type { Issue, MedicalImage, PixelArray } from "../types.ts";
import { fillNonFinite } from "../util/fill-non-finite.ts";

/** Samples as stored, row-major, channels interleaved; 2 and 4 channels end with alpha. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: PixelArray;
}

/**
 * Makes a picture of decoded samples: values that are not finite become the least one, alpha is composited over black, three
 * channels that are equal everywhere become one. What was changed is told by issues. `raster.data` may be altered.
 * @throws MiasError `image-unreadable` where no value is finite
 */
export function imageOfRaster(name: string, raster: Raster, earlier: readonly Issue[]): MedicalImage {
  const issues = [...earlier];
  const note = (code: IssueCode, message: string) => issues.push(issue(code, name, message));
  const { missing, min } =
    raster.data instanceof Float32Array ? fillNonFinite(raster.data) : { missing: 0, min: 0 };
  if (missing === raster.data.length) {
    const message = `${name} must have pixel values that are finite, but all are NaN or infinite; leave it out`;
    throw new MiasError("image-unreadable", name, message);
  }
  if (missing > 0) {
    const share = `${missing} of ${raster.data.length} values`;
    const rule = "pixel values must be finite";
    note(
      "non-finite-pixels",
      `${rule}, ${share} are NaN or infinite and were set to the least value, ${min}`,
    );
  }
  const opaque = isOpaque(raster);
  if (!opaque) note("alpha-composited", "transparent pixels were composited over black");
  const colour = mergeEqualChannels(withoutAlpha(raster, opaque));
  return {
    name,
    width: raster.width,
    height: raster.height,
    channels: colour.channels === 1 ? 1 : 3,
    data: colour.data,
    geometry: { spacing: [1, 1, 1], unit: "px" },
    issues,
  };
}

/** The alpha of an opaque pixel; in float pictures it is 1. */
function fullAlpha(data: PixelArray): number {
  if (data instanceof Float32Array) return 1;
  return data instanceof Uint16Array ? 65535 : 255;
}

function isOpaque({ channels, data }: Raster): boolean {
  if (channels % 2 === 1) return true;
  const full = fullAlpha(data);
  for (let index = channels - 1; index < data.length; index += channels) {
    if (data[index] < full) return false;
  }
  return true;
}

/** Drops the alpha channel, after multiplying with it unless the picture is opaque; integers are rounded. */
function withoutAlpha(raster: Raster, opaque: boolean): Raster {
  const { channels, data } = raster;
  if (channels % 2 === 1) return raster;
  const colours = channels - 1;
  const pixels = data.length / channels;
  const full = fullAlpha(data);
  const seen = sameKind(data, pixels * colours);
  const round = data instanceof Float32Array ? (value: number) => value : Math.round;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const alpha = opaque ? full : Math.min(Math.max(data[pixel * channels + colours], 0), full);
    for (let channel = 0; channel < colours; channel++) {
      seen[pixel * colours + channel] = round((data[pixel * channels + channel] * alpha) / full);
    }
  }
  return { ...raster, channels: colours, data: seen };
}

/** One channel where three are equal in every pixel. */
function mergeEqualChannels(raster: Raster): Raster {
  const { channels, data } = raster;
  if (channels !== 3) return raster;
  for (let index = 0; index < data.length; index += 3) {
    if (data[index] !== data[index + 1] || data[index] !== data[index + 2]) return raster;
  }
  const grey = sameKind(data, data.length / 3);
  for (let pixel = 0; pixel < grey.length; pixel++) grey[pixel] = data[3 * pixel];
  return { ...raster, channels: 1, data: grey };
}

function sameKind(data: PixelArray, length: number): PixelArray {
  if (data instanceof Uint8Array) return new Uint8Array(length);
  return data instanceof Uint16Array ? new Uint16Array(length) : new Float32Array(length);
}
