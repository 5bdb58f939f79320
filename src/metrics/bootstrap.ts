// Percentile intervals by resampling patients (B. Efron, R. Tibshirani, "An introduction to the bootstrap", 1993,
// chapter 13): as many patients as there are, drawn with replacement, each with all images. Images of one patient
// resemble each other, so intervals by image would be too narrow.

import type { BootstrappedMetric, BootstrapSummary, Interval } from "../types.ts";
import { groupsOf } from "../util/patients.ts";
import { createRandom } from "../util/prng.ts";
import { aurocOf, type CoarseCounts, createCoarseAuroc, summedCounts } from "./coarse-counts.ts";
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
  const patients = groupsOf(ordered.map(({ patient }) => patient)).map((members) =>
    members.map((i) => ordered[i]),
  );
  const measure = createResampledMetrics(patients);
  const draws = drawn(patients.length, { resamples, seed }).map(measure);
  const patientsWith = (holds: (image: PatientImage) => boolean) =>
    patients.filter((group) => group.some(holds)).length;
  const interval = (metric: BootstrappedMetric, ...bearing: readonly number[]) =>
    Math.min(...bearing) < FEWEST_PATIENTS ? null : intervalOf(draws.map((values) => values[metric]));
  const anomalous = patientsWith((image) => image.anomalous);
  const known = patientsWith((image) => image.anomalous && image.dice !== null);
  const coarse = measure(new Uint32Array(patients.length).fill(1))["pixel.auroc"];
  const agrees = Math.abs((coarse ?? Infinity) - (exactPixelAuroc ?? 0)) <= MOST_COARSENESS;
  return {
    level: 0.95,
    resamples,
    seed,
    by: ordered.every(({ name, patient }) => name === patient) ? "image" : "patient",
    groups: patients.length,
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

/** How often each patient counts, for each resample. */
function drawn(patients: number, { resamples, seed }: BootstrapOptions): Uint32Array[] {
  const random = createRandom(seed);
  return Array.from({ length: patients === 0 ? 0 : resamples }, () => {
    const times = new Uint32Array(patients);
    for (let draw = 0; draw < patients; draw++) times[random.integer(patients)]++;
    return times;
  });
}

function intervalOf(values: readonly (number | null)[]): Interval | null {
  const defined = Float64Array.from(values.filter((value) => value !== null)).sort();
  if (defined.length === 0 || defined.length < LEAST_DEFINED * values.length) return null;
  return { low: percentile(defined, 0.025), high: percentile(defined, 0.975) };
}

/** A function from how often each patient counts to the metrics of their images. */
export function createResampledMetrics(
  patients: readonly (readonly ResampledImage[])[],
): (times: Uint32Array) => ResampledMetrics {
  const masks = patients.map(masksOf);
  const images = createImageAuroc(patients);
  const pixels = createCoarseAuroc(
    patients.map((group) => summedCounts(group.flatMap((image) => image.pixels ?? []))),
  );
  return (times) => {
    const sum = (key: keyof PatientMasks) =>
      masks.reduce((total, patient, i) => total + times[i] * patient[key], 0);
    return {
      "image.auroc": images(times),
      "pixel.auroc": pixels(times),
      "dice.anomalousMean": ratio(sum("dice"), sum("images")),
      "lesions.anomalous.either.recall": ratio(sum("found"), sum("truths")),
    };
  };
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** Sums over the anomalous images of a patient whose truth is known. */
interface PatientMasks {
  readonly dice: number;
  readonly images: number;
  readonly found: number;
  readonly truths: number;
}

function masksOf(images: readonly ResampledImage[]): PatientMasks {
  const sums = { dice: 0, images: 0, found: 0, truths: 0 };
  for (const { anomalous, dice, lesions } of images) {
    if (!anomalous || dice === null || lesions === null) continue;
    sums.dice += dice;
    sums.images++;
    sums.found += lesions.found;
    sums.truths += lesions.truths;
  }
  return sums;
}

function createImageAuroc(
  patients: readonly (readonly ResampledImage[])[],
): (times: Uint32Array) => number | null {
  const ascending = patients
    .flatMap((images, patient) => images.map(({ anomalous, score }) => ({ patient, anomalous, score })))
    .sort((a, b) => a.score - b.score);
  return (times) => {
    const counts = [new Float64Array(ascending.length), new Float64Array(ascending.length)] as const;
    let row = 0;
    for (const [rank, { patient, anomalous, score }] of ascending.entries()) {
      if (rank > 0 && score !== ascending[rank - 1].score) row++;
      counts[anomalous ? 1 : 0][row] += times[patient];
    }
    return aurocOf(counts[0], counts[1]);
  };
}
