import { DECODERS } from "./codecs/registry.ts";
import { type ColourArray, interleaved, paletteColours, rgbOf } from "./colour.ts";
import type { DicomInstance } from "./instance.ts";
import { lookedUp, rescaled, storedValues, type ValueArray } from "./stored-values.ts";

/** The pixels of one frame, row-major: grey in the modality's unit, or red, green and blue side by side. */
export type FramePixels =
  | { readonly channels: 1; readonly values: ValueArray }
  | { readonly channels: 3; readonly values: ColourArray };

/** CT numbers of air: the least that a scanner measures. */
const AIR = -1024;

/**
 * Decodes a frame, `index` from 0. MONOCHROME1 is left as it is. Padding of CT is set to air where it is below it.
 * @throws MiasError `image-unreadable` where its bits are damaged, `image-unsupported` where they are not read here
 */
export async function decodeFrame(instance: DicomInstance, index: number): Promise<FramePixels> {
  const { header, pixels } = instance;
  const { layout } = header;
  const decoded = await DECODERS[pixels.codec]({
    name: header.name,
    index,
    fragments: pixels.frames[index],
    layout,
    littleEndian: pixels.littleEndian,
  });
  const stored = storedValues(decoded, layout.samples === 3 ? { ...layout, signed: false } : layout);
  if (layout.samples === 3) {
    const samples = decoded.planar ? interleaved(stored) : stored;
    return { channels: 3, values: rgbOf(samples, decoded.isRgb ? "RGB" : layout.photometric, decoded.bits) };
  }
  if (pixels.palette) return { channels: 3, values: paletteColours(stored, pixels.palette) };
  return { channels: 1, values: greyValues(instance, index, stored) };
}

function greyValues({ header, pixels }: DicomInstance, index: number, stored: ValueArray): ValueArray {
  if (pixels.modalityTable) return lookedUp(stored, pixels.modalityTable);
  const { rescale } = header.frames[index];
  const values = rescaled(stored, rescale);
  if (pixels.padding && header.modality === "CT") {
    const ends = pixels.padding
      .map((value) => rescale.slope * value + rescale.intercept)
      .sort((a, b) => a - b);
    liftPadding(values, ends[0], ends[1]);
  }
  return values;
}

/** Sets values from `low` to `high` that are below air to air, in place. */
function liftPadding(values: ValueArray, low: number, high: number): void {
  for (let at = 0; at < values.length; at++) {
    if (values[at] < AIR && values[at] >= low && values[at] <= high) values[at] = AIR;
  }
}
