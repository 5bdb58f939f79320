// Pictures that a folder of scans may hold beside sound ones. All show the same grey phantom where they can.

import { readFileSync } from "node:fs";
import sharp from "sharp";
import { readImage } from "../../src/io/read-image.ts";
import { greyToPng, mapToTiff32 } from "../../src/io/write-raster.ts";
import { writeBelow } from "./phantom-fixture.ts";

/** What can be read: its size and the issues that it must come with. */
export const READABLE = {
  "alpha.png": { size: [128, 128], issues: ["alpha-composited"] },
  "animated.webp": { size: [128, 128], issues: ["animation-first-frame"] },
  "cmyk.jpg": { size: [128, 128], issues: ["cmyk-converted"] },
  "float.tiff": { size: [128, 128], issues: ["non-finite-pixels"] },
  "good.png": { size: [128, 128], issues: [] },
  "jpeg.png": { size: [128, 128], issues: ["extension-mismatch"] },
  "sixteen.png": { size: [128, 128], issues: [] },
  "strip.png": { size: [30_000, 4], issues: ["overlay-cropped"] },
  "turned.jpg": { size: [128, 64], issues: ["orientation-ignored"] },
} as const;

/** What cannot be read, and what must be said of it. */
export const UNREADABLE = {
  "black.png": /black\.png must show something, but every pixel has the value 0; leave it out/,
  "broken-pixel.tiff": /broken-pixel\.tiff must have its values spread over its range, got nearly all from /,
  "nothing.tiff":
    /nothing\.tiff must have pixel values that are finite, but all are NaN or infinite; leave it out/,
  "one.png": /one\.png must show something, but every pixel has the value 7; leave it out/,
  "text.png": /text\.png is not an image that is known here; this version reads PNG, .*convert it/,
  "truncated.png": /truncated\.png is damaged or cut short \(PNG: .*\); copy or export it again/,
  "zero.png": /zero\.png is empty \(0 bytes\); copy or export it again/,
} as const;

/** Writes them all into `folder`; `phantom` is an 8-bit grey PNG. */
export async function writeOddImages(folder: string, phantom: string): Promise<void> {
  const grey = await readImage(phantom);
  const { width, height } = grey;
  const png = readFileSync(phantom);
  const sixteen = Uint16Array.from(grey.data, (value) => 256 * value);
  const float = Float32Array.from(grey.data, (value, i) => (i % 100 === 0 ? Number.NaN : value / 7));
  const strip = Uint8Array.from({ length: 120_000 }, (_, i) => i % 251);
  const files: Record<keyof typeof READABLE | keyof typeof UNREADABLE, Uint8Array | string> = {
    "alpha.png": await sharp(png).toColourspace("srgb").ensureAlpha(0.5).png().toBuffer(),
    "animated.webp": await sharp([png, await sharp(png).flip().png().toBuffer()], {
      join: { animated: true },
    })
      .webp()
      .toBuffer(),
    "black.png": await pngOf(new Uint8Array(70 * 50), 70, 50),
    "broken-pixel.tiff": await mapToTiff32({
      ...{ width, height },
      data: Float32Array.from(grey.data, (value, i) => (i === 5000 ? 3e38 : value)),
    }),
    "turned.jpg": await sharp(png).resize(128, 64).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    "cmyk.jpg": await sharp(png).toColourspace("cmyk").jpeg().toBuffer(),
    "float.tiff": await mapToTiff32({ width, height, data: float }),
    "good.png": png,
    "jpeg.png": await sharp(png).jpeg().toBuffer(),
    "nothing.tiff": await mapToTiff32({
      width: 20,
      height: 20,
      data: new Float32Array(400).fill(Number.NaN),
    }),
    "one.png": await pngOf(new Uint8Array([7]), 1, 1),
    "sixteen.png": await greyToPng({ ...grey, data: sixteen }),
    "strip.png": await pngOf(strip, 30_000, 4),
    "text.png": "not a picture\n",
    "truncated.png": png.subarray(0, png.length / 2),
    "zero.png": "",
  };
  for (const [name, bytes] of Object.entries(files)) writeBelow(folder, name, bytes);
}

function pngOf(data: Uint8Array, width: number, height: number): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 1 } })
    .toColourspace("b-w")
    .png()
    .toBuffer();
}
