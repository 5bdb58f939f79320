// Brightness as a feature map, so that it is learned like any other: a bank that holds it beside what the encoder
// sees knows which brightness is normal for which tissue.
//
// Brightness has no unit in MR and ultrasound: it is measured from the body's median, in spreads of the body. The body
// is what is brighter than a share of the image's bright end; no model is asked.

import { INTENSITY } from "../options.ts";
import type { FeatureMap, ScalarMap } from "../types.ts";
import { type AxisFilter, everyNth, filterMap } from "../util/axis-filter.ts";
import { gaussianFilter } from "../util/gaussian.ts";
import { quantile } from "../util/map-statistics.ts";
import { valueRange } from "../util/value-range.ts";

/** Standard deviations of the smoothing, as shares of the side: 2 and 6 pixels of 256. One channel each. */
const SCALES: readonly number[] = [2 / 256, 6 / 256];
export const INTENSITY_CHANNELS = SCALES.length;

/** The body is what is brighter than this share of the way from the least value to the 99th percentile. */
const BODY_SHARE = 0.1;
const BRIGHT = 0.99;
/** The body's spread is that between these quantiles. */
const SPREAD: readonly [number, number] = [0.02, 0.98];

/**
 * Smoothed brightness, (value - median of the body) / spread of the body, at `side` x `side` places: [2, side, side].
 * An image that shows nothing gives zeros.
 * @param image the encoder's input, one channel of it, [size, size]; size is a multiple of side
 */
export function intensityFeature(image: ScalarMap, side: number): FeatureMap {
  const body = bodyValues(image);
  const [low, median, high] = [SPREAD[0], 0.5, SPREAD[1]].map((share) => quantile(body, share));
  const gain = high > low ? 1 / (high - low) : 0;
  const data = new Float32Array(INTENSITY_CHANNELS * side * side);
  for (const [channel, share] of SCALES.entries()) {
    const smoothing = middlesOf(gaussianFilter(image.width, share * image.width), side);
    const smooth = filterMap(image, smoothing, smoothing).data;
    const first = channel * side * side;
    for (let i = 0; i < smooth.length; i++) data[first + i] = (smooth[i] - median) * gain;
  }
  return { name: INTENSITY, channels: INTENSITY_CHANNELS, height: side, width: side, data };
}

function bodyValues({ data }: ScalarMap): Float32Array {
  const { min } = valueRange(data);
  const limit = min + BODY_SHARE * (quantile(data, BRIGHT) - min);
  const body = new Float32Array(data.length);
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i] > limit) body[count++] = data[i];
  return count > 0 ? body.subarray(0, count) : data;
}

/** The outputs at the middles of `side` equal parts of the axis. */
function middlesOf(filter: AxisFilter, side: number): AxisFilter {
  const step = filter.inputs / side;
  return everyNth(filter, Math.floor((step - 1) / 2), step, side);
}
