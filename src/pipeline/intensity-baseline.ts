import { gaussian } from "../map/gaussian.ts";
import { toGrey } from "../preprocess/to-grey.ts";
import type { Mask, MedicalImage, ScalarMap } from "../types.ts";
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
 * stands out.
 */
export function intensityBaseline(image: MedicalImage): IntensityBaseline {
  const grey = toGrey(image);
  const body = bodyOf(grey);
  const values = grey.data.filter((_, i) => body.data[i] === 1);
  const median = values.length === 0 ? 0 : quantile(values, 0.5);
  const deviations = values.map((value) => Math.abs(value - median));
  const unit = values.length === 0 ? 0 : quantile(deviations, 0.5);
  const signed = grey.data.map((value, i) => (body.data[i] === 1 && unit > 0 ? (value - median) / unit : 0));
  const smoothed = gaussian({ ...grey, data: signed }, SIGMA);
  return { map: { ...smoothed, data: smoothed.data.map(Math.abs) }, body };
}

function bodyOf({ width, height, data }: ScalarMap): Mask {
  const limit = BODY_SHARE * quantile(data, BRIGHT);
  return { width, height, data: Uint8Array.from(data, (value) => (value > limit ? 1 : 0)) };
}
