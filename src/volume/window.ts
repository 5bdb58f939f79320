// The values that are black and white in all slices of a volume.

import { MiasError } from "../errors.ts";
import { WINDOW_NAMES } from "../options.ts";
import type { ValueWindow, WindowChoice, WindowPreset } from "../types.ts";
import { quantile } from "../util/map-statistics.ts";
import { valueRange } from "../util/value-range.ts";
import type { Volume } from "../volume-types.ts";

/** Centre and width in HU, as in Radiopaedia's "Windowing (CT)" (article 52108). */
const PRESETS = {
  brain: [40, 80],
  subdural: [75, 215],
  stroke: [40, 40],
  "temporal-bone": [600, 2800],
  lung: [-600, 1500],
  mediastinum: [50, 350],
  "soft-tissue": [50, 400],
  liver: [30, 150],
  bone: [400, 1800],
} as const satisfies Record<WindowPreset, readonly [number, number]>;

/** Voxels that percentiles are taken of, at most. */
const MOST_SAMPLES = 2 ** 20;
/** Of CT the body is what is denser, in HU: air and lungs are not. */
const CT_BODY = -500;
/**
 * Else it is what is brighter than this share of the way from the darkest value to the body's upper quartile, which is
 * found of what is brighter than the same share of the way to the 99th percentile of all above the darkest value.
 */
const BODY_SHARE = 0.1;
/** The darkest value is this quantile, not the least: interpolation rings below a background of zeros. */
const DARKEST = 0.02;
const UPPER = 0.75;
const BRIGHT = 0.99;
/** Black and white are no further out than these quantiles of the body, */
const TAILS = [0.005, 0.995] as const;
/** nor, so that bright fat or vessels do not darken the rest, than this many interquartile ranges beyond its quartiles, */
const FENCE = 3;
/** which leaves at least the values between these quantiles their contrast. */
const KEPT = [0.1, 0.9] as const;

/** What a window must be, as a part of a sentence. */
export const WINDOW_RULE = `must be centre,width with a width above 0, or one of ${WINDOW_NAMES.join(", ")}`;

/**
 * A window as written on a command line: `40,400` (centre and width), `file`, `percentiles`, or a preset's name.
 * @throws MiasError `usage` for other text
 */
export function parseWindow(text: string): WindowChoice {
  const name = WINDOW_NAMES.find((known) => known === text);
  if (name !== undefined) return name;
  const parts = text.split(",").map((part) => part.trim());
  const [centre, width] = parts.map(Number);
  if (parts.length === 2 && !parts.includes("") && Number.isFinite(centre) && width > 0 && width < Infinity) {
    return { low: centre - width / 2, high: centre + width / 2 };
  }
  throw new MiasError("usage", "window", `window ${WINDOW_RULE}, got ${text}`);
}

/** A window as parseWindow reads it; null is what windowOf takes where nothing is chosen. */
export function windowText(window: WindowChoice | null): string {
  if (window === null) return "the default";
  if (typeof window === "string") return window;
  return `${(window.low + window.high) / 2},${window.high - window.low}`;
}

/** What windowOf takes where nothing is chosen. */
export function defaultWindow({
  modality,
  window,
}: Pick<Volume, "modality" | "window">): "file" | "percentiles" {
  return modality === "CT" && window ? "file" : "percentiles";
}

/**
 * The values that are black and white. By default the file's own window of a CT, else `percentiles`: the 0.5th and
 * 99.5th percentile of the body, or 3 interquartile ranges beyond its quartiles where these are nearer. It is the same
 * for the same voxels: of large volumes a million voxels are taken at even steps.
 * @throws MiasError `usage` where the file has no window or the preset is not for its modality, `image-unsupported`
 * where all voxels are equal
 */
export function windowOf(volume: Volume, choice?: WindowChoice): ValueWindow {
  const chosen = choice ?? defaultWindow(volume);
  if (typeof chosen === "object") return chosen;
  if (chosen === "percentiles") return bodyWindow(volume);
  const { name, modality, window } = volume;
  if (chosen === "file") {
    if (window) return window;
    throw new MiasError(
      "usage",
      name,
      `${name} must have a window of its own for "file", it has none; take another`,
    );
  }
  if (modality !== undefined && modality !== "CT") {
    const message = `window ${chosen} is in HU and for CT only, got ${modality} (${name}); take percentiles`;
    throw new MiasError("usage", name, message);
  }
  const [centre, width] = PRESETS[chosen];
  return { low: centre - width / 2, high: centre + width / 2 };
}

function bodyWindow(volume: Volume): ValueWindow {
  const { name, modality, inverted } = volume;
  const { min, max } = valueRange(volume.data);
  if (min === max) {
    const message = `${name} must show something, but every voxel has the value ${min}; leave it out`;
    throw new MiasError("image-unsupported", name, message);
  }
  const sample = sampleOf(volume);
  const limit = modality === "CT" ? CT_BODY : bodyLimit(sample);
  const body = sample.filter((value) => value > limit);
  const { low, high } = fenced(body.length > 0 ? body : sample);
  if (low < high) return inverted ? { low: -high, high: -low } : { low, high };
  return { low: min, high: max };
}

/** Voxels at even steps; negative where low values are bright, so that the body is above. */
function sampleOf({ data, size, inverted }: Volume): Float32Array {
  let step = Math.max(1, Math.ceil(data.length / MOST_SAMPLES)) | 1;
  // A step that divides a side would visit the same columns or rows all over.
  while (step > 1 && size.some((side) => side % step === 0)) step += 2;
  const sample = new Float32Array(Math.ceil(data.length / step));
  const sign = inverted ? -1 : 1;
  for (let i = 0; i < sample.length; i++) sample[i] = sign * data[i * step];
  return sample;
}

function bodyLimit(sample: Float32Array): number {
  const darkest = quantile(sample, DARKEST);
  const towards = (limit: number, share: number) => {
    const above = sample.filter((value) => value > limit);
    return above.length === 0 ? limit : darkest + BODY_SHARE * (quantile(above, share) - darkest);
  };
  // Bright fat draws the 99th percentile up, but not the quartile.
  return towards(towards(darkest, BRIGHT), UPPER);
}

function fenced(body: Float32Array): ValueWindow {
  const at = (share: number) => quantile(body, share);
  const [lower, upper] = [at(0.25), at(0.75)];
  const reach = FENCE * (upper - lower);
  return {
    low: Math.max(at(TAILS[0]), Math.min(at(KEPT[0]), lower - reach)),
    high: Math.min(at(TAILS[1]), Math.max(at(KEPT[1]), upper + reach)),
  };
}
