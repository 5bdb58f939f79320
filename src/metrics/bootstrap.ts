// Percentile intervals by resampling patients (B. Efron, R. Tibshirani, "An introduction to the bootstrap", 1993,
// chapter 13): as many patients as there are, drawn with replacement, each with all images. Images of one patient
// resemble each other, so intervals by image would be too narrow.

import type { BootstrappedMetric, BootstrapSummary, Interval } from "../types.ts";
import { groupsOf } from "../util/patients.ts";
import { createRandom } from "../util/prng.ts";
import { aurocOf, type CoarseCounts, createCoarseAuroc } from "./coarse-counts.ts";
import { percentile } from "./percentile.ts";

/** An image as the resampled metrics need it. */
export interface ResampledImage {
  readonly anomalous: boolean;
  readonly score: number;
  /** Of the final mask; null where the truth is not known, as are the two below. */
  readonly dice: number | null;
  readonly lesions: { readonly truths: number; readonly found: number } | null;
  readonly pixels: CoarseCounts | null;
}

/** An image and whose it is. */
export interface PatientImage extends ResampledImage {
  readonly name: string;
  readonly patient: string;
}

export interface BootstrapOptions {
  readonly resamples: number;
  readonly seed: number;
}

export type ResampledMetrics = Readonly<Record<BootstrappedMetric, number | null>>;

/** Of fewer patients an interval says nothing. */
const FEWEST_PATIENTS = 5;
/** Share of the resamples in which a metric must be defined for an interval of it. */
const LEAST_DEFINED = 0.5;
/** A coarse pixel AUROC further than this from the exact one gives no interval. */
const MOST_COARSENESS = 1e-3;

/**
 * 95 % intervals of the metrics below. There is none where fewer than five patients have an anomalous image (for
 * AUROC of images, a good one too). Resamples in which a metric is not defined (no good image was drawn) are left out;
 * where they are more than half, there is none either.
 * @param exactPixelAuroc what the coarse counts of pixels must agree with
 */
export function bootstrap(
  images: readonly PatientImage[],
  exactPixelAuroc: number | null,
  { resamples, seed }: BootstrapOptions,
): BootstrapSummary {
  // Neither the order of images nor that of patients may matter.
  const ordered = [...images].sort((a, b) => compare(a.patient, b.patient) || compare(a.name, b.name));
  const groups = groupsOf(ordered.map(({ patient }) => patient));
  const measure = createResampledMetrics(ordered);
  const draws = drawn(groups, ordered.length, { resamples, seed }).map(measure);
  const patientsWith = (holds: (image: PatientImage) => boolean) =>
    groups.filter((members) => members.some((i) => holds(ordered[i]))).length;
  const interval = (metric: BootstrappedMetric, ...patients: readonly number[]) =>
    Math.min(...patients) < FEWEST_PATIENTS ? null : intervalOf(draws.map((values) => values[metric]));
  const anomalous = patientsWith((image) => image.anomalous);
  const known = patientsWith((image) => image.anomalous && image.dice !== null);
  const coarse = measure(new Uint32Array(ordered.length).fill(1))["pixel.auroc"];
  const agrees = Math.abs((coarse ?? Infinity) - (exactPixelAuroc ?? 0)) <= MOST_COARSENESS;
  return {
    level: 0.95,
    resamples,
    seed,
    by: ordered.every(({ name, patient }) => name === patient) ? "image" : "patient",
    groups: groups.length,
    intervals: {
      "image.auroc": interval(
        "image.auroc",
        anomalous,
        patientsWith((image) => !image.anomalous),
      ),
      "pixel.auroc": agrees ? interval("pixel.auroc", known) : null,
      "dice.anomalousMean": interval("dice.anomalousMean", known),
      "lesions.anomalous.either.recall": interval("lesions.anomalous.either.recall", known),
    },
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How often each image counts, for each resample. */
function drawn(
  groups: readonly number[][],
  images: number,
  { resamples, seed }: BootstrapOptions,
): Uint32Array[] {
  const random = createRandom(seed);
  const draws = groups.length === 0 ? 0 : resamples;
  return Array.from({ length: draws }, () => {
    const times = new Uint32Array(images);
    for (let draw = 0; draw < groups.length; draw++) {
      for (const image of groups[random.integer(groups.length)]) times[image]++;
    }
    return times;
  });
}

function intervalOf(values: readonly (number | null)[]): Interval | null {
  const defined = Float64Array.from(values.filter((value) => value !== null)).sort();
  if (defined.length === 0 || defined.length < LEAST_DEFINED * values.length) return null;
  return { low: percentile(defined, 0.025), high: percentile(defined, 0.975) };
}

/** A function from how often each image counts to the metrics. */
export function createResampledMetrics(
  images: readonly ResampledImage[],
): (times: Uint32Array) => ResampledMetrics {
  const order = images.map((_, i) => i).sort((a, b) => images[a].score - images[b].score);
  const pixels = createCoarseAuroc(images.map((image) => image.pixels));
  return (times) => {
    const mean = { dice: 0, images: 0, found: 0, truths: 0 };
    for (const [i, { anomalous, dice, lesions }] of images.entries()) {
      if (!anomalous || dice === null || lesions === null) continue;
      mean.dice += times[i] * dice;
      mean.images += times[i];
      mean.found += times[i] * lesions.found;
      mean.truths += times[i] * lesions.truths;
    }
    return {
      "image.auroc": imageAurocOf(images, order, times),
      "pixel.auroc": pixels.of(times),
      "dice.anomalousMean": mean.images === 0 ? null : mean.dice / mean.images,
      "lesions.anomalous.either.recall": mean.truths === 0 ? null : mean.found / mean.truths,
    };
  };
}

/** `order`: the images by ascending score. */
function imageAurocOf(
  images: readonly ResampledImage[],
  order: readonly number[],
  times: Uint32Array,
): number | null {
  const counts = [new Float64Array(order.length), new Float64Array(order.length)] as const;
  let row = 0;
  for (const [rank, i] of order.entries()) {
    if (rank > 0 && images[i].score !== images[order[rank - 1]].score) row++;
    counts[images[i].anomalous ? 1 : 0][row] += times[i];
  }
  return aurocOf(counts[0], counts[1]);
}
