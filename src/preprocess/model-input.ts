// From an image as read to the input of an encoder: grey, resized in its frame, three equal channels, normalised.
// Pixels must be finite and show something. An image with a range (a slice of a volume) is clipped to it, and the range
// takes the place of its own least and greatest value: all slices of a volume are as bright as the volume is.
// Left out: colour models (every model here sees grey), choosing windows (it belongs to reading).

import { createFrame } from "../geometry/frame.ts";
import type { BrightnessName, Frame, MedicalImage, ScalarMap, ValueWindow } from "../types.ts";
import { valueRange } from "../util/value-range.ts";
import { bodyLimit, bodyRange } from "./body.ts";
import { requirePicture } from "./require-picture.ts";
import { resizeToFrame } from "./resize.ts";
import { toGrey } from "./to-grey.ts";

/**
 * How pixel values become an encoder's input.
 *
 * `minmax`: the darkest value becomes 0 and the brightest 1, image by image; the padding is as dark as the image's
 * darkest pixel.
 *
 * `mean-std`: values are brought to [0, scale], the range that `mean` and `std` are given for (255 for SAM's own
 * numbers, 1 for those of transformers), then (value - mean) / std per channel; the padding is 0 before that.
 * 8-bit pixels keep their 0 .. 255 as the whole range. 16-bit and real pixels have no such convention: the image's
 * own minimum and maximum become 0 and scale.
 *
 * Both: where the image has a range, its low becomes 0, its high 1 (or scale), and nothing is stretched further; the
 * padding is black.
 */
export type Normalisation =
  | { readonly kind: "minmax" }
  | {
      readonly kind: "mean-std";
      readonly mean: readonly [number, number, number];
      readonly std: readonly [number, number, number];
      readonly scale: number;
    };

export interface ModelInputOptions {
  /**
   * Side of a square that the image is resized to before it is resized to the frame's `size`, in pixels: the paper
   * goes to 256 on its way to SAM's 1024.
   * @default none: one resize
   */
  readonly through?: number;
  /** Black and white of images without a range of their own. @default "range" */
  readonly brightness?: BrightnessName;
}

/** Share of the image's range below which differences after the resize are rounding errors. */
const ROUNDING = 1e-6;

/** What the encoder sees of an image. */
export interface ModelInput {
  /** [3, size, size] */
  readonly data: Float32Array;
  /**
   * What the body is brighter than, in the first channel. It is that of the image as read: in an input whose bright end is
   * cut off, a hazy background would be brighter than a tenth of what is left of it.
   */
  readonly bodyLimit: number;
}

/**
 * The encoder's input for `image`.
 * @throws MiasError `image-unsupported` where there is nothing to be seen, see requirePicture
 */
export function modelInput(
  image: MedicalImage,
  frame: Frame,
  normalisation: Normalisation,
  options: ModelInputOptions = {},
): ModelInput {
  const whole = toGrey(image);
  requirePicture(image, image.range ? clipped(whole, image.range) : whole);
  const limit = bodyLimit(whole.data);
  const range = image.range ?? (options.brightness === "body" ? bodyRange(whole, limit) : undefined);
  const grey = range ? clipped(whole, range) : whole;
  const { low, high } = range ?? ownRange(image, grey, normalisation);
  const resized = resize(grey, frame, low, options.through).data;
  const shown = Math.min(high, Math.max(low, limit));
  if (normalisation.kind === "mean-std") return meanStdInput(resized, low, high - low, shown, normalisation);
  if (range) return scaledInput(resized, low, 1 / (high - low), shown);
  const { min, max } = valueRange(resized);
  const isFlat = max - min <= ROUNDING * (high - low);
  return scaledInput(resized, min, isFlat ? 0 : 1 / (max - min), shown);
}

function clipped({ width, height, data }: ScalarMap, { low, high }: ValueWindow): ScalarMap {
  const values = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) values[i] = Math.min(high, Math.max(low, data[i]));
  return { width, height, data: values };
}

function ownRange(image: MedicalImage, grey: ScalarMap, { kind }: Normalisation): ValueWindow {
  if (kind === "mean-std" && image.data instanceof Uint8Array) return { low: 0, high: 255 };
  const { min, max } = valueRange(grey.data);
  return { low: min, high: max };
}

function resize(grey: ScalarMap, frame: Frame, background: number, through: number | undefined): ScalarMap {
  if (through === undefined) return resizeToFrame(grey, frame, background);
  const square = resizeToFrame(grey, createFrame(frame.width, frame.height, through), background);
  return resizeToFrame(square, createFrame(through, through, frame.size));
}

function scaledInput(values: Float32Array, black: number, scale: number, limit: number): ModelInput {
  const area = values.length;
  const data = new Float32Array(3 * area);
  for (let i = 0; i < area; i++) data[i] = (values[i] - black) * scale;
  data.copyWithin(area, 0, area);
  data.copyWithin(2 * area, 0, area);
  return { data, bodyLimit: (limit - black) * scale };
}

function meanStdInput(
  values: Float32Array,
  darkest: number,
  range: number,
  limit: number,
  { mean, std, scale }: Extract<Normalisation, { kind: "mean-std" }>,
): ModelInput {
  const area = values.length;
  const data = new Float32Array(3 * area);
  const toScale = scale / range;
  for (let channel = 0; channel < 3; channel++) {
    const gain = toScale / std[channel];
    const shift = darkest * toScale + mean[channel];
    const offset = channel * area;
    for (let i = 0; i < area; i++) data[offset + i] = values[i] * gain - shift / std[channel];
  }
  return { data, bodyLimit: (limit * toScale - darkest * toScale - mean[0]) / std[0] };
}
