import { toGrey } from "../preprocess/to-grey.ts";
import type { Mask, MedicalImage, ScalarMap } from "../types.ts";
import { gaussian } from "../util/gaussian.ts";
import { quantile } from "../util/map-statistics.ts";

/** Standard deviation of the smoothing, in pixels. */
const SIGMA = 2;
/** The body is what is brighter than this share of the image's 99th percentile. */
const BODY_SHARE = 0.1;
const BRIGHT = 0.99;

export interface IntensityBaseline {
  /** 0 and more, in median absolute deviations of the body. All 0 where the body has none. */
  readonly map: ScalarMap;
  /** Where the image shows something. */
  readonly body: Mask;
}

/**
 * An anomaly map without any learning, for comparison: abs(smoothed image - median of the body) / MAD of the body.
 * Outside the body the image is taken for the median before it is smoothed, so that neither background nor outline
 * stands out. Values are those that are shown: from black to white, where the image has a range.
 */
export function intensityBaseline(image: MedicalImage): IntensityBaseline {
  const grey = shownValues(image);
  const body = bodyOf(grey);
  const deviation = gaussian(deviationInside(grey, body), SIGMA);
  for (let i = 0; i < deviation.data.length; i++) deviation.data[i] = Math.abs(deviation.data[i]);
  return { map: deviation, body };
}

/** Above black: the values of CT may be negative. */
function shownValues(image: MedicalImage): ScalarMap {
  const grey = toGrey(image);
  const { range } = image;
  if (range === undefined) return grey;
  const { low, high } = range;
  return { ...grey, data: grey.data.map((value) => Math.min(high, Math.max(low, value)) - low) };
}

function bodyOf({ width, height, data }: ScalarMap): Mask {
  const limit = BODY_SHARE * quantile(data, BRIGHT);
  const body = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) body[i] = data[i] > limit ? 1 : 0;
  return { width, height, data: body };
}

/** (image - median) / MAD inside the body, 0 outside. */
function deviationInside({ width, height, data }: ScalarMap, body: Mask): ScalarMap {
  const deviations = new Float32Array(data.length);
  const values = data.filter((_, i) => body.data[i] === 1);
  if (values.length === 0) return { width, height, data: deviations };
  const median = quantile(values, 0.5);
  for (let i = 0; i < values.length; i++) values[i] = Math.abs(values[i] - median);
  const unit = quantile(values, 0.5);
  for (let i = 0; i < data.length; i++) {
    if (body.data[i] === 1 && unit > 0) deviations[i] = (data[i] - median) / unit;
  }
  return { width, height, data: deviations };
}
