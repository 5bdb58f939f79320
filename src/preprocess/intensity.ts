// Brightness as a feature map, so that it is learned like any other: a bank that holds it beside what the encoder
// sees knows which brightness is normal for which tissue.
//
// Brightness has no unit in MR and ultrasound: it is measured from the body's median, in spreads of the body. The body
// is what is brighter than a share of the image's bright end; no model is asked.

import { INTENSITY } from "../options.ts";
import type { FeatureMap, ScalarMap } from "../types.ts";
import { gaussian } from "../util/gaussian.ts";
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
/** Share of the image's range below which a spread is made of rounding errors. */
const ROUNDING = 1e-6;

/**
 * Smoothed brightness, (value - median of the body) / spread of the body, at `side` x `side` places: [2, side, side].
 * An image whose body has one brightness gives zeros.
 * @param image the encoder's input, one channel of it, [size, size]; size is a multiple of side
 */
export function intensityFeature(image: ScalarMap, side: number): FeatureMap {
  const { min, max } = valueRange(image.data);
  const body = bodyValues(image, min);
  const [low, median, high] = [SPREAD[0], 0.5, SPREAD[1]].map((share) => quantile(body, share));
  const gain = high - low > ROUNDING * (max - min) ? 1 / (high - low) : 0;
  const data = new Float32Array(INTENSITY_CHANNELS * side * side);
  for (const [channel, share] of SCALES.entries()) {
    const smooth = gaussian(image, share * image.width);
    sample(smooth, side, data.subarray(channel * side * side), median, gain);
  }
  return { name: INTENSITY, channels: INTENSITY_CHANNELS, height: side, width: side, data };
}

function bodyValues({ data }: ScalarMap, min: number): Float32Array {
  const limit = min + BODY_SHARE * (quantile(data, BRIGHT) - min);
  const body = data.filter((value) => value > limit);
  return body.length > 0 ? body : data;
}

/** Writes the values at the middles of `side` x `side` equal squares. */
function sample(map: ScalarMap, side: number, out: Float32Array, median: number, gain: number): void {
  const step = map.width / side;
  const first = Math.floor((step - 1) / 2);
  for (let y = 0, i = 0; y < side; y++) {
    for (let x = 0; x < side; x++, i++) {
      out[i] = (map.data[(first + y * step) * map.width + first + x * step] - median) * gain;
    }
  }
}
