import type { VolumeMeasures, VolumeSummary } from "../types.ts";
import { mean } from "./mean.ts";

/** @param volumes each volume of the test set; null where its truth is not known */
export function summariseVolumes(volumes: readonly (VolumeMeasures | null)[]): VolumeSummary {
  const judged = volumes.filter((measures) => measures !== null);
  const anomalous = judged.filter(({ truthVoxels }) => truthVoxels > 0);
  const total = (count: (measures: VolumeMeasures) => number) =>
    judged.reduce((sum, measures) => sum + count(measures), 0);
  const truths = total(({ lesions }) => lesions.truths);
  const alarms = total(({ lesions }) => lesions.predicted - lesions.matched);
  const differences = anomalous.flatMap(({ volumeDifferenceMl }) => volumeDifferenceMl ?? []);
  const isComplete = differences.length === anomalous.length;
  return {
    count: volumes.length,
    judged: judged.length,
    anomalous: anomalous.length,
    dice: mean(anomalous.flatMap(({ dice }) => dice ?? [])),
    volumeDifferenceMl: isComplete ? mean(differences.map(Math.abs)) : null,
    lesionRecall: truths === 0 ? null : total(({ lesions }) => lesions.found) / truths,
    falseLesionsPerVolume: judged.length === 0 ? null : alarms / judged.length,
  };
}

/** Why a figure is null, by its path in the document. */
export function undefinedVolumeMetrics(summary: VolumeSummary): Record<string, string> {
  const { anomalous, judged } = summary;
  const needLesion = `needs a volume with a lesion in its truth, got none of ${judged}`;
  const reasons = {
    dice: needLesion,
    volumeDifferenceMl:
      anomalous === 0 ? needLesion : "needs a spacing in mm, which some volumes do not tell",
    lesionRecall: needLesion,
    falseLesionsPerVolume: "needs a volume whose truth is known, got none",
  } as const;
  const missing = Object.entries(reasons).filter(([key]) => summary[key as keyof typeof reasons] === null);
  return Object.fromEntries(missing.map(([key, reason]) => [`volumes.${key}`, reason]));
}
