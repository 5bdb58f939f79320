// PNG, JPEG, TIFF and WebP by libvips, with every conversion of colour and depth kept out.
// Leaves out: more than four channels, grey floats with alpha, all pages but the first.

import type { OutputInfo } from "sharp";
import { issue } from "../issues.ts";
import type { Issue, PixelArray } from "../types.ts";
import { damagedImage, requireReadableSize, unsupportedImage } from "./image-errors.ts";
import type { Raster } from "./raster.ts";
import { sharp } from "./sharp.ts";
import type { ImageFormat } from "./sniff-format.ts";

export interface Decoded {
  readonly raster: Raster;
  readonly issues: readonly Issue[];
}

/** What the header says; `space` and `depth` are libvips' names of the colour space and the kind of samples. */
interface Header {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly space: string;
  readonly depth: string;
  readonly pages: number;
  /** EXIF's: 1 as stored, up to 8. */
  readonly orientation?: number | undefined;
}

/** What is asked of libvips: both must fit the header, or samples are converted. */
interface Plan {
  readonly colourspace: "b-w" | "srgb" | "grey16" | "rgb16" | "scrgb";
  readonly depth: "uchar" | "ushort" | "float";
}

/** A truncated or damaged file is an error, never a picture that is partly grey; the size is checked by us. */
const STRICT = { failOn: "warning", limitInputPixels: false } as const;

/** What the libraries behind libvips complain of first may be a tag that they can do without; it is kept as the cause. */
const REASON = "it cannot be decoded to its end";

/** Decodes the first page. Throws MiasError `image-unreadable` or `image-unsupported`. */
export async function decodeWithSharp(
  bytes: Uint8Array,
  name: string,
  format: ImageFormat,
): Promise<Decoded> {
  // libvips refuses an empty PNG without saying why.
  if (format === "PNG") requireReadableSize(name, format, ...pngSize(bytes, name));
  const damaged = (error: unknown) => {
    throw damagedImage(name, format, REASON, error);
  };
  const metadata = await sharp(bytes, STRICT).metadata().catch(damaged);
  const header: Header = {
    ...metadata,
    pages: format === "PNG" ? pngPictures(bytes) : (metadata.pages ?? 1),
  };
  requireReadableSize(name, format, header.width, header.height);
  const plan = planDecoding(name, header);
  // Ink is turned into colour by the file's own profile; anywhere else a profile would change the samples.
  const { data, info } = await sharp(bytes, { ...STRICT, ignoreIcc: !isInk(header) })
    .toColourspace(plan.colourspace)
    .raw({ depth: plan.depth })
    .toBuffer({ resolveWithObject: true })
    .catch(damaged);
  return { raster: rasterOf(data, info, plan), issues: headerIssues(name, header) };
}

/** Width and height of the header chunk, which comes first in every PNG. */
function pngSize(bytes: Uint8Array, name: string): [number, number] {
  if (bytes.length < 24) throw damagedImage(name, "PNG", `it needs at least 24 bytes, has ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [view.getUint32(16), view.getUint32(20)];
}

/** How many pictures an animated PNG says it has; libvips tells of one only. Its chunk comes before the pixels. */
function pngPictures(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Length (4 bytes), name (4), data, check sum (4), from the end of the signature on.
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (name === "acTL") return view.getUint32(at + 8);
    if (name === "IDAT") break;
  }
  return 1;
}

function isInk({ space }: Header): boolean {
  return space === "cmyk";
}

/** Chooses the pair that passes the samples on as they are. */
function planDecoding(name: string, header: Header): Plan {
  const { channels, space, depth } = header;
  if (isInk(header)) return { colourspace: "srgb", depth: "uchar" };
  const grey = (space === "b-w" || space === "grey16") && channels <= 2;
  const colour = (space === "srgb" || space === "rgb16" || space === "scrgb") && channels <= 4;
  if (grey || colour) {
    // From "b-w" sharp writes one channel only, so grey with alpha leaves as grey repeated three times and alpha.
    if (depth === "uchar") return { colourspace: channels === 1 ? "b-w" : "srgb", depth };
    if (depth === "ushort") return { colourspace: grey ? "grey16" : "rgb16", depth };
    if (space === "b-w" && channels === 1) return { colourspace: "b-w", depth: "float" };
    if (space === "scrgb" && depth === "float") return { colourspace: "scrgb", depth };
  }
  const what = `has ${channels} channels of kind ${depth} in colour space ${space}, which is not read`;
  throw unsupportedImage(name, `${what}; convert it to grey or RGB of 8 or 16 bits`);
}

function headerIssues(name: string, header: Header): Issue[] {
  const issues: Issue[] = [];
  if (header.pages > 1) {
    const message = `an image must be one picture, got ${header.pages}, only the first was read`;
    issues.push(issue("animation-first-frame", name, message));
  }
  if ((header.orientation ?? 1) > 1) {
    const rule = "a picture must be stored as it is shown";
    const message = `${rule}, got EXIF orientation ${header.orientation}; it was read as stored, so turn and save it where normal ones lie otherwise`;
    issues.push(issue("orientation-ignored", name, message));
  }
  if (isInk(header)) {
    const message = "colours must be grey or RGB, got CMYK, which was converted, so values are approximate";
    issues.push(issue("cmyk-converted", name, message));
  }
  return issues;
}

function rasterOf(buffer: Buffer, { width, height, channels }: OutputInfo, { depth }: Plan): Raster {
  // A copy: 16 and 32 bit views need an offset that sharp's buffer need not have.
  const { buffer: copy } = Uint8Array.from(buffer);
  const view = { uchar: Uint8Array, ushort: Uint16Array, float: Float32Array }[depth];
  const data: PixelArray = new view(copy);
  return { width, height, channels, data };
}
