import { MiasError } from "../errors.ts";
import type { MedicalImage, ScalarMap } from "../types.ts";
import { quantile } from "../util/map-statistics.ts";
import { valueRange } from "../util/value-range.ts";

/** The values of an image lie between these quantiles, its least and greatest value left aside. */
const MIDDLE: readonly [number, number] = [0.02, 0.98];
/** A picture whose values all lie within one step of 16 bits of its range is hidden by a few extreme ones. */
const STEPS = 65_536;
/** Share of a value below which differences are rounding errors of its 32 bits. */
const ROUNDING = 1e-6;

/**
 * Throws where an encoder would see nothing: no pixel differs from another, or the picture drowns in the range that
 * a few extreme values (a fill value such as 3.4e38, one broken pixel) make.
 * @param grey the image as one channel, clipped to its range where it has one
 * @throws MiasError `image-unsupported`
 */
export function requirePicture({ name, data, range }: MedicalImage, grey: ScalarMap): void {
  const { min, max } = valueRange(grey.data);
  if (min === max) {
    const where = range ? ` between ${range.low} and ${range.high}` : "";
    const message = `${name} must show something${where}, but every pixel has the value ${min}; leave it out`;
    throw new MiasError("image-unsupported", name, message);
  }
  // Of 8 and 16 bits no value is that extreme.
  if (!(data instanceof Float32Array)) return;
  const between = grey.data.filter((value) => value > min && value < max);
  if (between.length === 0) return;
  const [low, high] = MIDDLE.map((share) => quantile(between, share));
  const spread = high - low;
  const rounding = ROUNDING * Math.max(Math.abs(low), Math.abs(high));
  if (spread <= rounding || spread >= (max - min) / STEPS) return;
  const values = `${shortest(low)} to ${shortest(high)} in a range of ${shortest(min)} to ${shortest(max)}`;
  throw new MiasError(
    "image-unsupported",
    name,
    `${name} must have its values spread over its range, got nearly all from ${values}; set missing values to NaN, or clip the extreme ones`,
  );
}

function shortest(value: number): string {
  return String(Number(value.toPrecision(3)));
}
