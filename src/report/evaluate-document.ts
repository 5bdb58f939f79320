// What an evaluation found, as its report needs it; the names are those of `mias evaluate --json`.

import type { EvaluationFigures, Issue, SegmentOptions, VolumeMeasures, VolumeSummary } from "../types.ts";
import { counted } from "./format.ts";
import type { BankSummary, CalibrationSummary, ProgramVersion, RunSeconds } from "./results.ts";
import type { VolumeResult } from "./volume-results.ts";

/** One test image, or slice of a volume. */
export interface EvaluationRow {
  readonly file: string;
  readonly anomalous: boolean;
  readonly score: number;
  readonly pValue: number;
  readonly abnormal: boolean;
  /** DICE of the final mask, [0, 1]; null where the truth is not known, or is empty and the image anomalous. */
  readonly dice: number | null;
  /** Pixels of the final mask, and of the reference mask where it is known. */
  readonly maskArea: number;
  readonly truthArea: number | null;
  /** Border distances, in the unit of `surface`; null without a truth and where a mask is empty. */
  readonly hd95: number | null;
  readonly assd: number | null;
  /** Mask minus truth, in the unit of `area`; and by the area of the truth. Null where they are not defined. */
  readonly areaDifference: number | null;
  readonly relativeAreaDifference: number | null;
  /** The overlay, a file beside the page, or null. */
  readonly overlay: string | null;
  readonly issues: readonly Issue[];
}

/** One volume; files are beside the page, or null. */
export interface EvaluationVolume
  extends Omit<VolumeResult, "volumeLesions" | "slices" | "pictures">,
    Pick<EvaluationRow, "anomalous"> {
  /** In 3-D, in the voxels of the file; null where the truth is not known. */
  readonly measures: VolumeMeasures | null;
  /** Some slices: image, reference and result. */
  readonly panel: string | null;
}

/** The volumes of an evaluation. */
export interface EvaluationVolumes extends VolumeSummary {
  readonly rows: readonly EvaluationVolume[];
}

/** Metrics without a unit are in [0, 1], and null where the data set does not define them. Curves have 500 points at most. */
export interface EvaluateDocument extends EvaluationFigures {
  readonly program: ProgramVersion;
  readonly disclaimer: string;
  /** Whether the run was stopped before its last image; then the document tells of `done` images of `total`. */
  readonly interrupted: boolean;
  readonly done: number;
  readonly total: number;
  /** What the user calls the data set, and how its folders were recognised. */
  readonly dataset: { readonly name: string; readonly layout: string };
  readonly bank: BankSummary;
  readonly options: SegmentOptions;
  readonly calibration: CalibrationSummary;
  /** Which values of a reference mask's file belong to the lesion. */
  readonly maskRule: string;
  /** Images, and the slices of volumes whose truth is known. */
  readonly rows: readonly EvaluationRow[];
  /** Null where the data set has no volume. */
  readonly volumes: EvaluationVolumes | null;
  /** What is odd about the run as a whole. */
  readonly issues: readonly Issue[];
  readonly failures: readonly Issue[];
  readonly seconds?: RunSeconds;
  /** Versions of the parts that make the numbers, by name. */
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * The anomalous images with the best and the worst DICE, at most `count` of each and none twice; the best from the
 * top down, the worst from the bottom up. Equal ones are ordered by file name.
 */
export function bestAndWorst(
  rows: readonly EvaluationRow[],
  count: number,
): { best: EvaluationRow[]; worst: EvaluationRow[] } {
  const ranked = rows
    .filter((row) => row.anomalous && row.dice !== null)
    .sort((a, b) => (b.dice ?? 0) - (a.dice ?? 0) || (a.file < b.file ? -1 : 1));
  const best = ranked.slice(0, Math.min(count, Math.ceil(ranked.length / 2)));
  const worst = ranked.slice(best.length).reverse().slice(0, count);
  return { best, worst };
}

/** How many images there are, in words. */
export function countedImages({ images, volumes }: Pick<EvaluateDocument, "images" | "volumes">): string {
  const all = `${images.good} good and ${images.anomalous} anomalous images`;
  return volumes === null ? all : `${all}, slices of ${counted(volumes.judged, "volume")} among them`;
}
