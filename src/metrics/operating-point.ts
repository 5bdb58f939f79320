import type { DecisionSummary } from "../types.ts";
import type { ThresholdTable } from "./threshold-table.ts";

/**
 * The share of positives at or above the lowest threshold that no more than `rate` of the negatives reach. Equal
 * scores fall on one side together, so the rate may stay below what is allowed but is never exceeded. Null where
 * there are no positives or no negatives.
 */
export function sensitivityAt({ negatives, positives, totals }: ThresholdTable, rate: number): number | null {
  if (totals.positives === 0 || totals.negatives === 0) return null;
  let falseAlarms = 0;
  let found = 0;
  for (let i = 0; i < negatives.length; i++) {
    falseAlarms += negatives[i];
    if (falseAlarms / totals.negatives > rate) break;
    found += positives[i];
  }
  return found / totals.positives;
}

/** An image and what was decided of it; `abnormal` is absent where nothing was. */
export interface Decided {
  readonly anomalous: boolean;
  readonly abnormal?: boolean;
}

/** Sensitivity and specificity of the verdict `abnormal`, over the images that have one. */
export function decisionOf(images: readonly Decided[]): DecisionSummary {
  const decided = images.filter(({ abnormal }) => abnormal !== undefined);
  const good = decided.filter(({ anomalous }) => !anomalous);
  const anomalous = decided.filter((image) => image.anomalous);
  const called = (list: readonly Decided[]) => list.filter(({ abnormal }) => abnormal).length;
  const abnormal = { good: called(good), anomalous: called(anomalous) };
  return {
    sensitivity: anomalous.length === 0 ? null : abnormal.anomalous / anomalous.length,
    specificity: good.length === 0 ? null : 1 - abnormal.good / good.length,
    abnormal,
  };
}
