// What an evaluation found, as its report needs it; the names are those of `mias evaluate --json`.

import type {
  AlwaysDrawn,
  AreaSummary,
  BaselineMetrics,
  BootstrapSummary,
  DecisionSummary,
  Issue,
  LesionSummary,
  SegmentOptions,
  SurfaceSummary,
} from "../types.ts";
import type { CurveColumns } from "./charts.ts";
import type { BankSummary, CalibrationSummary, ProgramVersion, RunSeconds } from "./results.ts";

/** One test image. */
export interface EvaluationRow {
  readonly file: string;
  readonly anomalous: boolean;
  /** Against the whole bank, for the metrics; and against its learned rows, for the p-value. */
  readonly score: number;
  readonly calibratedScore: number;
  readonly pValue: number;
  readonly abnormal: boolean;
  /** DICE of the final mask, [0, 1]; null where the truth is not known. */
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

/** Metrics without a unit are in [0, 1], and null where the data set does not define them. Curves have 500 points at most. */
export interface EvaluateDocument {
  readonly program: ProgramVersion;
  readonly disclaimer: string;
  /** What the user calls the data set, and how its folders were recognised. */
  readonly dataset: { readonly name: string; readonly layout: string };
  readonly bank: BankSummary;
  readonly options: SegmentOptions;
  readonly calibration: CalibrationSummary;
  readonly images: { readonly good: number; readonly anomalous: number };
  readonly image: {
    readonly auroc: number | null;
    readonly averagePrecision: number | null;
    /** Share of anomalous images found where at most 5 % (10 %) of the good ones raise an alarm. */
    readonly sensitivityAt5: number | null;
    readonly sensitivityAt10: number | null;
    readonly roc: CurveColumns | null;
  };
  readonly pixel: {
    readonly auroc: number | null;
    /** Over the pixels that show something. */
    readonly aurocBody: number | null;
    readonly averagePrecision: number | null;
    /** Area under `pro` up to a false positive rate of 0.3, divided by it. */
    readonly aupro: number | null;
    /** Mean recall in an anomalous image over false positive rates in good images from 1e-5 to 1e-4. */
    readonly aupimo: number | null;
    readonly roc: CurveColumns | null;
    readonly pro: CurveColumns | null;
  };
  readonly dice: {
    readonly anomalousMean: number | null;
    readonly dataset: number | null;
    readonly bestThreshold: number | null;
    /** The threshold that gives `bestThreshold`, in units of the map. */
    readonly threshold: number | null;
  };
  /** The same where no mask is left empty; null where nothing was drawn. */
  readonly always: AlwaysDrawn | null;
  readonly lesions: LesionSummary;
  readonly surface: SurfaceSummary;
  readonly area: AreaSummary;
  readonly decision: DecisionSummary;
  /** The intensity baseline on the same images; null where there were none. */
  readonly baseline: BaselineMetrics | null;
  /** 95 % intervals; null where none were asked for. */
  readonly bootstrap: BootstrapSummary | null;
  /** Why a metric is null, by its path, e.g. `image.auroc`. */
  readonly undefinedMetrics: Readonly<Record<string, string>>;
  /** Which values of a reference mask's file belong to the lesion. */
  readonly maskRule: string;
  /** Good images with a mask that is not empty. */
  readonly falseAlarms: number;
  readonly rows: readonly EvaluationRow[];
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
