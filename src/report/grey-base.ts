import type { MedicalImage, ScalarMap } from "../types.ts";

/** Enough for stable 0.5 % tails: 82 samples in each. */
const mostSamples = 16_384;

/** The image in grey, in its own units: the channel itself, or the luma of red, green and blue (ITU-R BT.601). */
export function greyMap(image: MedicalImage | ScalarMap): ScalarMap {
  const { width, height, data } = image;
  if (!("channels" in image) || image.channels === 1) {
    return { width, height, data: data instanceof Float32Array ? data : Float32Array.from(data) };
  }
  const grey = new Float32Array(width * height);
  for (let i = 0; i < grey.length; i++) {
    grey[i] = 0.299 * data[i * 3] + 0.587 * data[i * 3 + 1] + 0.114 * data[i * 3 + 2];
  }
  return { width, height, data: grey };
}

/** Values that become black and white. */
export interface GreyWindow {
  readonly low: number;
  readonly high: number;
}

/**
 * The window from the 0.5th to the 99.5th percentile of the finite pixels, over at most 16,384 of them taken at
 * even steps; the whole range where these two are equal. [0, 0] when no pixel is finite.
 */
export function robustWindow(map: ScalarMap): GreyWindow {
  // An odd step, so that it does not visit the same columns in each row of an image of even width.
  const step = Math.max(1, Math.ceil(map.data.length / mostSamples)) | 1;
  const samples: number[] = [];
  for (let i = 0; i < map.data.length; i += step) {
    if (Number.isFinite(map.data[i])) samples.push(map.data[i]);
  }
  if (samples.length === 0) return { low: 0, high: 0 };
  const sorted = Float32Array.from(samples).sort();
  const last = sorted.length - 1;
  const low = sorted[Math.floor(last * 0.005)];
  const high = sorted[Math.ceil(last * 0.995)];
  return low < high ? { low, high } : { low: sorted[0], high: sorted[last] };
}

/** What is black and white of an image: its range, as that of its volume, or else a robust window of its own. */
export function greyWindow(image: MedicalImage | ScalarMap, grey: ScalarMap): GreyWindow {
  return ("range" in image ? image.range : undefined) ?? robustWindow(grey);
}

/** Grey of `value` in the window, 0 to 255; 0 for a value that is not a number. */
export function windowedGrey(value: number, { low, high }: GreyWindow): number {
  const share = (value - low) / (high - low);
  return share > 0 ? Math.round(255 * Math.min(1, share)) : 0;
}
