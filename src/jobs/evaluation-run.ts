// An evaluation that is under way, as the jobs share it: types, what counts as decided, and what is kept for the report.

import type { Dataset, DatasetCase } from "../io/dataset-layout.ts";
import type { createEvaluation } from "../metrics/summary.ts";
import type { Segmenter } from "../pipeline/segment.ts";
import type { EvaluationRow, EvaluationVolume } from "../report/evaluate-document.ts";
import type { RgbPicture } from "../report/picture.ts";
import { isDecidable, summariseCalibration } from "../report/results.ts";
import type { Issue } from "../types.ts";
import type { MaskRule } from "../util/mask-rule.ts";
import type { SegmentJob } from "./segment.ts";
import type { Stopwatch } from "./stopwatch.ts";
import type { MapFormat } from "./write-result.ts";

export interface EvaluateJob extends SegmentJob {
  /** Folder for masks, maps, overlays, evaluation.json and report.html. @default nothing is written */
  readonly output?: string;
  /** Which values of a mask file belong to the lesion. @default ">0" */
  readonly maskRule?: MaskRule;
  /** Of the maps of images. @default "png16" */
  readonly mapFormat?: MapFormat;
  /** @default "test" */
  readonly split?: "test" | "validation";
  /** Resamples for the 95 % intervals; 0 for none. @default 1000 */
  readonly bootstrap?: number;
  /**
   * Whose image a file is, for the intervals: a regular expression whose first group is the patient, looked for in the
   * file's name, or a file `*.csv` with lines `file,patient`.
   * @default pictures of any folder that differ in their last number alone, where that gives five patients or more, else
   * each file is taken for a patient; so is each volume
   */
  readonly patients?: string;
  /** Seed of the resamples. @default 0 */
  readonly seed?: number;
}

/** One image of the data set. */
export interface EvaluationCase extends DatasetCase {
  /** Of its results. */
  readonly name: string;
  readonly patient: string;
}

export interface EvaluationRun {
  readonly dataset: Dataset;
  readonly cases: readonly EvaluationCase[];
  readonly job: EvaluateJob;
  readonly segmenter: Segmenter;
  readonly stopwatch: Stopwatch;
  readonly metrics: ReturnType<typeof createEvaluation>;
  readonly rows: JudgedRow[];
  readonly volumes: EvaluationVolume[];
  readonly failures: Issue[];
  /** Candidates for the best and the worst cases of the report. */
  readonly shown: ShownCase[];
}

/** What the metrics do not tell of an image. */
export type JudgedRow = Pick<EvaluationRow, "file" | "pValue" | "abnormal" | "overlay" | "issues">;

export interface ShownCase {
  readonly file: string;
  /** Of its picture, below the folder of cases. */
  readonly name: string;
  readonly dice: number;
  readonly panel: RgbPicture;
}

/** What the metrics are told was decided of an image: nothing where the bank cannot decide. */
export function verdictIn({ segmenter }: EvaluationRun, abnormal: boolean): { readonly abnormal?: boolean } {
  const { bank, options } = segmenter;
  return isDecidable(summariseCalibration(bank.calibration), options) ? { abnormal } : {};
}

/** Best and worst cases that the report shows. */
export const SHOWN_CASES = 6;

/** Keeps a case for the report, and drops those that are neither among the best nor among the worst. */
export function keepShown(shown: ShownCase[], one: ShownCase): void {
  shown.push(one);
  if (shown.length <= 4 * SHOWN_CASES) return;
  shown.sort((a, b) => b.dice - a.dice || (a.file < b.file ? -1 : 1));
  shown.splice(SHOWN_CASES, shown.length - 2 * SHOWN_CASES);
}
