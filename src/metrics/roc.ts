import type { Curve } from "../types.ts";
import { type ThresholdTable, tableOfScores } from "./threshold-table.ts";

/**
 * Area under the ROC curve: the chance that a positive scores above a negative, ties counting half. Null where
 * there are no positives or no negatives. Equals scikit-learn's `roc_auc_score`.
 */
export function auroc({ negatives, positives, totals }: ThresholdTable): number | null {
  if (totals.positives === 0 || totals.negatives === 0) return null;
  let positivesAbove = 0;
  let won = 0;
  for (let i = 0; i < negatives.length; i++) {
    won += negatives[i] * (positivesAbove + positives[i] / 2);
    positivesAbove += positives[i];
  }
  return won / (totals.positives * totals.negatives);
}

/** AUROC of image scores; `labels` tells which are anomalous. */
export function imageAuroc(scores: readonly number[], labels: readonly boolean[]): number | null {
  return auroc(tableOfScores(scores, labels));
}

/** x false positive rate, y true positive rate, from (0, 0) to (1, 1); null where AUROC is. */
export function rocCurve({ negatives, positives, totals }: ThresholdTable): Curve | null {
  if (totals.positives === 0 || totals.negatives === 0) return null;
  const x = [0];
  const y = [0];
  let falsePositives = 0;
  let truePositives = 0;
  for (let i = 0; i < negatives.length; i++) {
    falsePositives += negatives[i];
    truePositives += positives[i];
    x.push(falsePositives / totals.negatives);
    y.push(truePositives / totals.positives);
  }
  return { x, y };
}

/**
 * Average precision: precision at each threshold, weighted by the recall it adds, without interpolation. Null
 * where there are no positives. Equals scikit-learn's `average_precision_score`.
 */
export function averagePrecision({ negatives, positives, totals }: ThresholdTable): number | null {
  if (totals.positives === 0) return null;
  let called = 0;
  let truePositives = 0;
  let sum = 0;
  for (let i = 0; i < positives.length; i++) {
    called += positives[i] + negatives[i];
    truePositives += positives[i];
    sum += (positives[i] * truePositives) / called;
  }
  return sum / totals.positives;
}
