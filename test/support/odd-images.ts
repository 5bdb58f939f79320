// Pictures that a folder of scans may hold beside sound ones. All show the same grey phantom where they can.

import { readFileSync } from "node:fs";
import sharp from "sharp";
import { readImage } from "../../src/io/read-image.ts";
import { greyToPng, mapToTiff32 } from "../../src/io/write-raster.ts";
import { writeBelow } from "./phantom-fixture.ts";

/** What can be read: its size and the issue that it must come with. */
export const READABLE = {
  "alpha.png": { size: [128, 128], issue: "alpha-composited" },
  "animated.webp": { size: [128, 128], issue: "animation-first-frame" },
  "black.png": { size: [70, 50], issue: "constant-image" },
  "cmyk.jpg": { size: [128, 128], issue: "cmyk-converted" },
  "float.tiff": { size: [128, 128], issue: "non-finite-pixels" },
  "good.png": { size: [128, 128], issue: undefined },
  "jpeg.png": { size: [128, 128], issue: "extension-mismatch" },
  "one.png": { size: [1, 1], issue: "constant-image" },
  "sixteen.png": { size: [128, 128], issue: undefined },
  "strip.png": { size: [30_000, 4], issue: "map-clipped" },
} as const;

/** What cannot be read, and what must be said of it. */
export const UNREADABLE = {
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
    "cmyk.jpg": await sharp(png).toColourspace("cmyk").jpeg().toBuffer(),
    "float.tiff": await mapToTiff32({ width, height, data: float }),
    "good.png": png,
    "jpeg.png": await sharp(png).jpeg().toBuffer(),
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
