// The accumulator behind `evaluate`: takes each test image's answer, one at a time, and ends in the metrics.
//
// A metric that the data do not define (no good images, no truth) is null, and `undefinedMetrics` says why.

import { MiasError } from "../errors.ts";
import type { Mask, ScalarMap } from "../types.ts";
import { type Curve, thinned } from "./curve.ts";
import { bestThresholdDice, diceOf, type Overlap, overlapOf } from "./dice.ts";
import { aupro, proCurve } from "./pro.ts";
import { auroc, averagePrecision, rocCurve } from "./roc.ts";
import { createScoreHistogram } from "./score-histogram.ts";
import { type ThresholdTable, tableOfScores } from "./threshold-table.ts";

const DRAWN_POINTS = 500;

/** One test image with its answer; map, mask and truth have the image's size. */
export interface EvaluatedImage {
  readonly name: string;
  readonly anomalous: boolean;
  /** Larger is more abnormal. */
  readonly score: number;
  readonly map: ScalarMap;
  /** The final mask; empty where nothing was found. */
  readonly mask: Mask;
  /** Of a good image: absent or empty. An anomalous image without one counts for image metrics alone. */
  readonly truth?: Mask;
}

export interface EvaluationRow {
  readonly name: string;
  readonly anomalous: boolean;
  readonly score: number;
  /** Null without a truth; a good image has 1 with an empty mask, else 0. */
  readonly dice: number | null;
  /** Pixels; null where the truth is not known. */
  readonly truthArea: number | null;
  readonly maskArea: number;
}

/** All metrics are in [0, 1]. Curves run from (0, 0) to (1, 1) and have at most 500 points. */
export interface EvaluationMetrics {
  readonly images: { readonly good: number; readonly anomalous: number };
  readonly image: {
    readonly auroc: number | null;
    readonly averagePrecision: number | null;
    readonly roc: Curve | null;
  };
  /** Over the pixels of all test images whose truth is known. */
  readonly pixel: {
    readonly auroc: number | null;
    readonly averagePrecision: number | null;
    /** Up to a false positive rate of 0.3, divided by it. */
    readonly aupro: number | null;
    readonly roc: Curve | null;
    readonly pro: Curve | null;
  };
  readonly dice: {
    /** Mean over the anomalous images of the DICE of their final masks. */
    readonly anomalousMean: number | null;
    /** Of the final masks of all test images, good ones too, taken as one picture. */
    readonly dataset: number | null;
    /** Of the maps cut at the one threshold that is best for the whole set: chosen with the truth known. */
    readonly bestThreshold: number | null;
    readonly threshold: number | null;
  };
  /** Good images with a mask that is not empty. */
  readonly falseAlarms: number;
  /** In the order of `add`. */
  readonly rows: readonly EvaluationRow[];
  /** Why a metric is null, by its path, e.g. `image.auroc`. */
  readonly undefinedMetrics: Readonly<Record<string, string>>;
}

export interface Evaluation {
  /**
   * Takes in one image. MiasError "mask-mismatch" where sizes differ or a good image has a truth that is not
   * empty, "usage" where a score or a map value is not finite.
   */
  add(image: EvaluatedImage): void;
  finish(): EvaluationMetrics;
}

/** Pixel scores are counted as in score-histogram.ts; of images only the rows stay in memory. */
export function createEvaluation(): Evaluation {
  const histogram = createScoreHistogram();
  const rows: EvaluationRow[] = [];
  const all = { both: 0, first: 0, second: 0 };
  return {
    add(image) {
      check(image);
      const truth = image.truth ?? (image.anomalous ? undefined : emptyLike(image.mask));
      const overlap = truth && overlapOf(image.mask, truth);
      if (overlap) {
        histogram.add(image.name, image.map, image.truth);
        all.both += overlap.both;
        all.first += overlap.first;
        all.second += overlap.second;
      }
      rows.push(rowOf(image, overlap));
    },
    finish: () => metricsOf(rows, histogram.table(), all),
  };
}

function check({ name, anomalous, score, map, mask, truth }: EvaluatedImage): void {
  if (!Number.isFinite(score))
    throw new MiasError("usage", name, `score must be finite, got ${score} (${name})`);
  for (const [what, other] of [["mask", mask] as const, ["truth", truth] as const]) {
    if (other === undefined || (other.width === map.width && other.height === map.height)) continue;
    const sizes = `${map.width} x ${map.height}, got ${other.width} x ${other.height}`;
    throw new MiasError("mask-mismatch", name, `${what} must have the map's size ${sizes} (${name})`);
  }
  if (!anomalous && truth?.data.some((value) => value !== 0)) {
    const rule = "the truth of a good image must be empty, but it has pixels";
    throw new MiasError("mask-mismatch", name, `${rule} (${name}), move the image or remove its truth`);
  }
}

function emptyLike({ width, height }: Mask): Mask {
  return { width, height, data: new Uint8Array(width * height) };
}

function rowOf(
  { name, anomalous, score, mask }: EvaluatedImage,
  overlap: Overlap | undefined,
): EvaluationRow {
  const known = overlap ?? { first: mask.data.reduce((area, value) => area + (value === 0 ? 0 : 1), 0) };
  const dice = overlap ? diceOf(overlap) : null;
  return { name, anomalous, score, dice, truthArea: overlap?.second ?? null, maskArea: known.first };
}

function metricsOf(rows: readonly EvaluationRow[], pixels: ThresholdTable, all: Overlap): EvaluationMetrics {
  const labels = rows.map(({ anomalous }) => anomalous);
  const images = tableOfScores(
    rows.map(({ score }) => score),
    labels,
  );
  const best = bestThresholdDice(pixels);
  const metrics = {
    images: { good: images.totals.negatives, anomalous: images.totals.positives },
    image: { auroc: auroc(images), averagePrecision: averagePrecision(images), roc: drawn(rocCurve(images)) },
    pixel: {
      auroc: auroc(pixels),
      averagePrecision: averagePrecision(pixels),
      aupro: aupro(pixels),
      roc: drawn(rocCurve(pixels)),
      pro: drawn(proCurve(pixels)),
    },
    dice: {
      anomalousMean: meanDice(rows.filter(({ anomalous }) => anomalous)),
      dataset: pixels.totals.positives === 0 ? null : diceOf(all),
      bestThreshold: best?.dice ?? null,
      threshold: best?.threshold ?? null,
    },
    falseAlarms: rows.filter(({ anomalous, maskArea }) => !anomalous && maskArea > 0).length,
    rows: [...rows],
  };
  return { ...metrics, undefinedMetrics: reasons(metrics, pixels) };
}

function drawn(curve: Curve | null): Curve | null {
  return curve && thinned(curve, DRAWN_POINTS);
}

function meanDice(rows: readonly EvaluationRow[]): number | null {
  const known = rows.flatMap(({ dice }) => (dice === null ? [] : [dice]));
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

type Measured = Omit<EvaluationMetrics, "undefinedMetrics">;

function reasons({ images, image, pixel, dice }: Measured, pixels: ThresholdTable): Record<string, string> {
  const byPath = {
    "image.auroc": image.auroc,
    "image.averagePrecision": image.averagePrecision,
    "pixel.auroc": pixel.auroc,
    "pixel.averagePrecision": pixel.averagePrecision,
    "pixel.aupro": pixel.aupro,
    "dice.anomalousMean": dice.anomalousMean,
    "dice.dataset": dice.dataset,
    "dice.bestThreshold": dice.bestThreshold,
  };
  const needImages = `needs good and anomalous images, got ${images.good} and ${images.anomalous}`;
  const { negatives, positives } = pixels.totals;
  const needPixels = `needs normal and abnormal pixels in the truth, got ${negatives} and ${positives}`;
  const missing = Object.entries(byPath).filter(([, value]) => value === null);
  return Object.fromEntries(
    missing.map(([path]) => [path, path.startsWith("image.") ? needImages : needPixels]),
  );
}
