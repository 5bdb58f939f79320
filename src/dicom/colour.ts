// Colours of a frame as red, green and blue, sample by sample (DICOM PS3.3 C.7.6.3.1.2 and C.7.6.3.1.5).

import type { LookupTable, Photometric } from "./instance.ts";
import { lookedUp, type ValueArray } from "./stored-values.ts";

export type ColourArray = Uint8Array | Uint16Array;

/** Planes one after another as samples side by side. */
export function interleaved(planes: ValueArray): Int32Array {
  const pixels = planes.length / 3;
  return Int32Array.from(planes, (_, at) => planes[(at % 3) * pixels + Math.floor(at / 3)]);
}

/** Red, green and blue of samples of `bits` bits that are already side by side. */
export function rgbOf(samples: ValueArray, photometric: Photometric, bits: number): ColourArray {
  const rgb = bits <= 8 ? new Uint8Array(samples.length) : new Uint16Array(samples.length);
  if (photometric === "RGB") rgb.set(samples);
  else convertYcbcr(samples, rgb, bits);
  return rgb;
}

function convertYcbcr(samples: ValueArray, rgb: ColourArray, bits: number): void {
  const middle = 2 ** (bits - 1);
  const most = 2 ** bits - 1;
  const limited = (value: number) => Math.min(Math.max(Math.floor(value + 0.5), 0), most);
  for (let at = 0; at < samples.length; at += 3) {
    const [y, cb, cr] = [samples[at], samples[at + 1] - middle, samples[at + 2] - middle];
    rgb[at] = limited(y + 1.402 * cr);
    rgb[at + 1] = limited(y - 0.344136 * cb - 0.714136 * cr);
    rgb[at + 2] = limited(y + 1.772 * cb);
  }
}

/** Red, green and blue of palette entries, in the depth of the palette. */
export function paletteColours(
  stored: ValueArray,
  palette: readonly [LookupTable, LookupTable, LookupTable],
): ColourArray {
  const isDeep = palette.some(({ values }) => values instanceof Uint16Array);
  const rgb = isDeep ? new Uint16Array(3 * stored.length) : new Uint8Array(3 * stored.length);
  palette.forEach((table, channel) => {
    const values = lookedUp(stored, table);
    for (let at = 0; at < values.length; at++) rgb[3 * at + channel] = values[at];
  });
  return rgb;
}
