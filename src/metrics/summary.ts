// The accumulator behind `evaluate`: takes each test image's answer, one at a time, and ends in the metrics.
//
// A metric that the data do not define (no good images, no truth) is null, and `undefinedMetrics` says why.

import { MiasError } from "../errors.ts";
import type { AlwaysDrawn, BaselineMetrics, Curve, LesionSummary, Mask } from "../types.ts";
import { valueRange } from "../util/value-range.ts";
import { bootstrap, type PatientImage } from "./bootstrap.ts";
import { type CoarseCounts, coarseCounts } from "./coarse-counts.ts";
import { thinned } from "./curve.ts";
import { diceOf, type Overlap, overlapOf } from "./dice.ts";
import type { EvaluatedImage, Evaluation, EvaluationOptions, EvaluationRow } from "./evaluation-metrics.ts";
import { classifyLesions } from "./lesion-classes.ts";
import { scoreLesions } from "./lesion-match.ts";
import { areaOf } from "./mask-area.ts";
import {
  type MaskMeasures,
  measureMask,
  PIXEL_GEOMETRY,
  summariseAreas,
  summariseSurfaces,
  summedOverlap,
} from "./mask-measures.ts";
import { mean } from "./mean.ts";
import { decisionOf, sensitivityAt } from "./operating-point.ts";
import { createPixelMeasurer, EXACT_BESIDES, type PixelMeasures } from "./pixel-measures.ts";
import { proCurve } from "./pro.ts";
import { auroc, averagePrecision, imageAuroc, rocCurve } from "./roc.ts";
import { tableOfScores } from "./threshold-table.ts";
import { undefinedMetrics } from "./undefined-metrics.ts";

const DRAWN_POINTS = 500;

/** What stays in memory of an image. */
interface Measured {
  readonly name: string;
  readonly anomalous: boolean;
  readonly score: number;
  readonly abnormal?: boolean;
  readonly patient: string;
  readonly maskArea: number;
  /** These are null where the truth is not known; `drawn` also where there is no such mask. */
  readonly mask: MaskMeasures | null;
  readonly drawn: Overlap | null;
  readonly pixels: CoarseCounts | null;
  /** Largest value of the baseline. */
  readonly baselineScore: number | null;
}

/** Pixel scores are gathered as in pixel-measures.ts; of an image some numbers and coarse counts stay in memory. */
export function createEvaluation(options: EvaluationOptions = {}): Evaluation {
  const own = createPixelMeasurer();
  const baseline = createPixelMeasurer(EXACT_BESIDES);
  const images: Measured[] = [];
  const resamples = options.bootstrap ?? 1000;
  return {
    add(image) {
      check(image);
      const { name, anomalous, map, mask, geometry = PIXEL_GEOMETRY, body } = image;
      const truth = image.truth ?? (anomalous ? undefined : emptyLike(mask));
      if (truth) {
        const measured = { name, ...(anomalous ? { truth } : {}), ...(body ? { body } : {}) };
        own.add({ ...measured, map });
        if (image.baseline) baseline.add({ ...measured, map: image.baseline });
      }
      images.push({
        ...factsOf(image),
        mask: truth ? measureMask(mask, truth, geometry) : null,
        drawn: truth && image.drawn ? overlapOf(image.drawn, truth) : null,
        pixels: truth && resamples > 0 ? coarseCounts(map, truth) : null,
      });
    },
    finish() {
      const pixels = own.finish();
      const metrics = {
        ...metricsOf(images, pixels),
        baseline: baselineOf(images, baseline.finish()),
        bootstrap:
          resamples === 0
            ? null
            : bootstrap(images.map(patientImage), pixels.auroc, { resamples, seed: options.seed ?? 0 }),
        rows: images.map(rowOf),
      };
      return { ...metrics, undefinedMetrics: undefinedMetrics(metrics, pixels, masksOf(images)) };
    },
  };
}

function check({ name, anomalous, score, map, ...image }: EvaluatedImage): void {
  if (!Number.isFinite(score))
    throw new MiasError("usage", name, `score must be finite, got ${score} (${name})`);
  for (const what of ["mask", "drawn", "truth", "body", "baseline"] as const) {
    const other = image[what];
    if (other === undefined || (other.width === map.width && other.height === map.height)) continue;
    const sizes = `${map.width} x ${map.height}, got ${other.width} x ${other.height}`;
    throw new MiasError("mask-mismatch", name, `${what} must have the map's size ${sizes} (${name})`);
  }
  if (!anomalous && image.truth?.data.some((value) => value !== 0)) {
    const rule = "the truth of a good image must be empty, but it has pixels";
    throw new MiasError("mask-mismatch", name, `${rule} (${name}); move the image or remove its truth`);
  }
}

function emptyLike({ width, height }: Mask): Mask {
  return { width, height, data: new Uint8Array(width * height) };
}

function factsOf({ name, anomalous, score, abnormal, patient, mask, baseline }: EvaluatedImage) {
  return {
    name,
    anomalous,
    score,
    ...(abnormal === undefined ? {} : { abnormal }),
    patient: patient ?? name,
    maskArea: areaOf(mask),
    baselineScore: baseline === undefined ? null : valueRange(baseline.data).max,
  };
}

function metricsOf(images: readonly Measured[], pixels: PixelMeasures) {
  const scores = tableOfScores(
    images.map(({ score }) => score),
    images.map(({ anomalous }) => anomalous),
  );
  const masks = masksOf(images);
  const anomalousImages = images.filter((image) => image.anomalous);
  const anomalous = masksOf(anomalousImages);
  return {
    images: { good: scores.totals.negatives, anomalous: scores.totals.positives },
    image: {
      auroc: auroc(scores),
      averagePrecision: averagePrecision(scores),
      sensitivityAt5: sensitivityAt(scores, 0.05),
      sensitivityAt10: sensitivityAt(scores, 0.1),
      roc: drawn(rocCurve(scores)),
    },
    pixel: {
      ...areasOf(pixels),
      roc: drawn(rocCurve(pixels.table)),
      pro: drawn(proCurve(pixels.table)),
    },
    dice: {
      anomalousMean: mean(anomalousImages.flatMap((image) => diceOfImage(image) ?? [])),
      dataset: pixels.table.totals.positives === 0 ? null : diceOf(summedOverlap(overlapsOf(masks))),
      ...bestOf(pixels),
    },
    always: alwaysOf(images),
    lesions: lesionsOf(anomalous, masks),
    surface: summariseSurfaces(anomalous),
    area: summariseAreas(anomalous),
    decision: decisionOf(images),
    falseAlarms: images.filter(({ anomalous, maskArea }) => !anomalous && maskArea > 0).length,
  };
}

/** Null where the truth is not known, and where that of an anomalous image holds nothing to overlap with. */
function diceOfImage({ anomalous, mask }: Measured): number | null {
  return mask === null || (anomalous && mask.overlap.second === 0) ? null : mask.dice;
}

/** The masks whose truth is known. */
function masksOf(images: readonly Measured[]): MaskMeasures[] {
  return images.flatMap(({ mask }) => (mask === null ? [] : [mask]));
}

function overlapsOf(masks: readonly MaskMeasures[]): Overlap[] {
  return masks.map(({ overlap }) => overlap);
}

/** Of the images that have a drawn mask. */
function alwaysOf(images: readonly Measured[]): AlwaysDrawn | null {
  const known = images.flatMap(({ anomalous, drawn }) => (drawn === null ? [] : [{ anomalous, drawn }]));
  if (known.length === 0) return null;
  const anomalous = known.filter((image) => image.anomalous && image.drawn.second > 0);
  const all = summedOverlap(known.map(({ drawn }) => drawn));
  return {
    dice: {
      anomalousMean: mean(anomalous.map(({ drawn }) => diceOf(drawn))),
      dataset: all.second === 0 ? null : diceOf(all),
    },
  };
}

function lesionsOf(anomalous: readonly MaskMeasures[], all: readonly MaskMeasures[]): LesionSummary {
  const score = (masks: readonly MaskMeasures[]) => scoreLesions(masks.map(({ lesions }) => lesions));
  const classes = classifyLesions(anomalous.flatMap(({ fates }) => fates));
  return { anomalous: score(anomalous), all: score(all), classes };
}

function areasOf({ auroc, aurocBody, averagePrecision, aupro, aupimo }: PixelMeasures) {
  return { auroc, aurocBody, averagePrecision, aupro, aupimo: aupimo.mean };
}

function bestOf({ best }: PixelMeasures) {
  return { bestThreshold: best?.dice ?? null, threshold: best?.threshold ?? null };
}

function drawn(curve: Curve | null): Curve | null {
  return curve && thinned(curve, DRAWN_POINTS);
}

/** Of the images that have a baseline. */
function baselineOf(images: readonly Measured[], pixels: PixelMeasures): BaselineMetrics | null {
  const compared = images.flatMap(({ anomalous, baselineScore: score }) =>
    score === null ? [] : [{ anomalous, score }],
  );
  if (compared.length === 0) return null;
  return {
    image: {
      auroc: imageAuroc(
        compared.map(({ score }) => score),
        compared.map(({ anomalous }) => anomalous),
      ),
    },
    pixel: areasOf(pixels),
    dice: bestOf(pixels),
  };
}

function patientImage(image: Measured): PatientImage {
  const { name, patient, anomalous, score, mask, pixels } = image;
  const lesions = mask?.lesions.either ?? null;
  return { name, patient, anomalous, score, dice: diceOfImage(image), lesions, pixels };
}

function rowOf(image: Measured): EvaluationRow {
  const { name, anomalous, score, mask, maskArea } = image;
  return {
    name,
    anomalous,
    score,
    dice: diceOfImage(image),
    truthArea: mask?.overlap.second ?? null,
    maskArea,
    hd95: mask?.surface?.hd95 ?? null,
    assd: mask?.surface?.assd ?? null,
    areaDifference: mask?.areaDifference ?? null,
    relativeAreaDifference: mask?.relativeAreaDifference ?? null,
  };
}
