// Brightness as a feature map, so that it is learned like any other: a bank that holds it beside what the encoder
// sees knows which brightness is normal for which tissue.
//
// Brightness has no unit in MR and ultrasound: it is measured from the body's median, in spreads of the body.

import { INTENSITY } from "../options.ts";
import type { FeatureMap, ScalarMap } from "../types.ts";
import { type AxisFilter, everyNth, filterMap } from "../util/axis-filter.ts";
import { gaussianFilter } from "../util/gaussian.ts";
import { within } from "../util/within.ts";
import { bodyBrightness } from "./body.ts";

/** Standard deviations of the smoothing, as shares of the side: 2 and 6 pixels of 256. One channel each. */
const SCALES: readonly number[] = [2 / 256, 6 / 256];
export const INTENSITY_CHANNELS = SCALES.length;

/**
 * Brightness that is further from the median counts as this far, in spreads: how much darker than the body the empty
 * background is says nothing, and differs between images with their spreads.
 */
const MOST = 0.8;

/**
 * Smoothed brightness, (value - median of the body) / spread of the body, -0.8 .. 0.8, at `side` x `side` places:
 * [2, side, side].
 * An image whose body has one brightness gives zeros.
 * @param image the encoder's input, one channel of it, [size, size]; size is a multiple of side
 */
export function intensityFeature(
  image: ScalarMap,
  side: number,
  { median, spread } = bodyBrightness(image),
): FeatureMap {
  const data = new Float32Array(INTENSITY_CHANNELS * side * side);
  for (const [channel, share] of SCALES.entries()) {
    const smoothing = middlesOf(gaussianFilter(image.width, share * image.width), side);
    const smooth = filterMap(image, smoothing, smoothing).data;
    const first = channel * side * side;
    for (let i = 0; i < smooth.length; i++) data[first + i] = within(MOST, (smooth[i] - median) / spread);
  }
  return { name: INTENSITY, channels: INTENSITY_CHANNELS, height: side, width: side, data };
}

/** The outputs at the middles of `side` equal parts of the axis. */
function middlesOf(filter: AxisFilter, side: number): AxisFilter {
  const step = filter.inputs / side;
  return everyNth(filter, Math.floor((step - 1) / 2), step, side);
}
