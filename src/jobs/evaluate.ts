import { join } from "node:path";
import { isMiasError, MiasError } from "../errors.ts";
import { type Dataset, type DatasetCase, readDataset } from "../io/dataset-layout.ts";
import { readPatientRule } from "../io/read-patient-rule.ts";
import { readReportAssets } from "../io/report-assets.ts";
import { isRefusalOfOneFile, makeOutputFolder, writeFileAtomic } from "../io/write-atomic.ts";
import { rgbToPng } from "../io/write-raster.ts";
import { issue } from "../issues.ts";
import { dice } from "../metrics/dice.ts";
import type { EvaluatedImage, EvaluationMetrics } from "../metrics/evaluation-metrics.ts";
import { createEvaluation } from "../metrics/summary.ts";
import { intensityBaseline } from "../pipeline/intensity-baseline.ts";
import type { Segmenter } from "../pipeline/segment.ts";
import { bestAndWorst, type EvaluateDocument, type EvaluationRow } from "../report/evaluate-document.ts";
import { evaluateReportHtml } from "../report/evaluate-report.ts";
import { drawPanel } from "../report/overlay.ts";
import type { RgbPicture } from "../report/picture.ts";
import { runIssues, summariseBank, summariseCalibration } from "../report/results.ts";
import { stableJson } from "../report/stable-json.ts";
import type { Issue, Mask, MedicalImage, Segmentation, StageSeconds } from "../types.ts";
import type { MaskRule } from "../util/mask-rule.ts";
import { patientsOf } from "../util/patient-rule.ts";
import { DISCLAIMER, WRITTEN_BY } from "../version.ts";
import { outputNames } from "./output-names.ts";
import { readCase } from "./read-case.ts";
import { openSegmenter, type SegmentJob } from "./segment.ts";
import { createStopwatch, type Stopwatch } from "./stopwatch.ts";
import { versions } from "./versions.ts";
import { EVALUATION_FOLDERS, type MapFormat, writeBelow, writeResult } from "./write-result.ts";

export interface EvaluateJob extends SegmentJob {
  /** Folder for masks, maps, overlays, evaluation.json and report.html. @default nothing is written */
  readonly output?: string;
  /** Which values of a mask file belong to the lesion. @default ">0" */
  readonly maskRule?: MaskRule;
  /** @default "png16" */
  readonly mapFormat?: MapFormat;
  /** @default "test" */
  readonly split?: "test" | "validation";
  /** Resamples for the 95 % intervals; 0 for none. @default 1000 */
  readonly bootstrap?: number;
  /**
   * Whose image a file is, for the intervals: a regular expression whose first group is the patient, looked for in the
   * file's name, or a file `*.csv` with lines `file,patient`.
   * @default files of any folder that differ in their last number alone, where that gives five patients or more; else
   * each file is taken for a patient
   */
  readonly patients?: string;
  /** Seed of the resamples. @default 0 */
  readonly seed?: number;
}

/** Best and worst cases that the report shows. */
const SHOWN_CASES = 6;

/** What a run makes in its output folder. */
const PLACES = { files: ["evaluation.json", "report.html"], folders: EVALUATION_FOLDERS };

/** An evaluation that is under way. */
interface Run {
  readonly dataset: Dataset;
  readonly cases: readonly DatasetCase[];
  readonly names: readonly string[];
  readonly patients: readonly string[];
  readonly job: EvaluateJob;
  readonly segmenter: Segmenter;
  readonly stopwatch: Stopwatch;
  readonly metrics: ReturnType<typeof createEvaluation>;
  readonly rows: JudgedRow[];
  readonly failures: Issue[];
  /** Candidates for the best and the worst cases of the report. */
  readonly shown: ShownCase[];
}

/** What the metrics do not tell of an image. */
type JudgedRow = Pick<EvaluationRow, "file" | "pValue" | "abnormal" | "overlay" | "issues">;

interface ShownCase {
  readonly file: string;
  readonly dice: number;
  readonly panel: RgbPicture;
}

/**
 * Segments the test images of a data set and compares the results with its masks. When aborted, or where the disk takes
 * no more, the documents in `output` tell of the images that are done and that they are partial.
 * @throws MiasError `dataset-unrecognised`, `no-images`, `usage` (patients), and what concerns all images; the signal's reason when aborted
 */
export async function evaluate(root: string, job: EvaluateJob): Promise<EvaluateDocument> {
  const dataset = await readDataset(root);
  const cases = dataset[job.split ?? "test"];
  if (cases.length === 0) {
    throw new MiasError(
      "no-images",
      root,
      `${root} has no ${job.split ?? "test"} images; check the data set or --split`,
    );
  }
  const files = cases.map(({ image }) => image);
  const rule = job.patients === undefined ? { kind: "name" as const } : await readPatientRule(job.patients);
  const patients = patientsOf(files, rule);
  const { segmenter, release } = await openSegmenter(job);
  const run: Run = {
    dataset,
    cases,
    names: outputNames(files),
    patients,
    job,
    segmenter,
    stopwatch: createStopwatch(),
    metrics: createEvaluation({ bootstrap: job.bootstrap ?? 1000, seed: job.seed ?? 0 }),
    rows: [],
    failures: [],
    shown: [],
  };
  try {
    if (job.output !== undefined) await makeOutputFolder(job.output, PLACES);
    const refusal = await evaluateCases(run);
    if (job.output === undefined) job.signal?.throwIfAborted();
    const doc = evaluateDocument(run, run.metrics.finish());
    if (job.output !== undefined) {
      await writeDocuments(run, doc, job.output).catch((error: unknown) => {
        throw refusal ?? error;
      });
    }
    if (refusal) throw refusal;
    job.signal?.throwIfAborted();
    return doc;
  } finally {
    await release();
  }
}

/** Returns what keeps any more results from being written, where that ended the run. */
async function evaluateCases(run: Run): Promise<MiasError | undefined> {
  const { job, cases } = run;
  for (const [done, item] of cases.entries()) {
    job.onProgress?.({ stage: "evaluating", done, total: cases.length });
    if (job.signal?.aborted) return undefined;
    const refusal = await evaluateCase(run, item, done);
    if (refusal) return refusal;
  }
  job.onProgress?.({ stage: "evaluating", done: cases.length, total: cases.length });
  return undefined;
}

async function evaluateCase(run: Run, item: DatasetCase, index: number): Promise<MiasError | undefined> {
  const { job, names, patients, segmenter, stopwatch, metrics, rows, failures } = run;
  try {
    const { image, truth } = await readCase(item, job.maskRule ?? ">0");
    const result = await segmenter.segment(image, { hierarchy: job.allMasks ?? false, drawn: true });
    stopwatch.add(result.seconds);
    const overlay =
      job.output === undefined ? null : await drawCase(run, item, names[index], image, result, truth);
    metrics.add(evaluatedImage(item, image, result, truth, patients[index]));
    const { pValue, abnormal, issues } = result;
    rows.push({
      file: item.image,
      pValue,
      abnormal,
      overlay,
      issues,
    });
  } catch (error) {
    if (!isMiasError(error)) throw error;
    failures.push(issue("image-failed", item.image, error.message));
    if (error.code === "output-unwritable" && !isRefusalOfOneFile(error)) return error;
  }
  return undefined;
}

function evaluatedImage(
  item: DatasetCase,
  image: MedicalImage,
  result: Segmentation,
  truth: Mask | undefined,
  patient: string,
): EvaluatedImage {
  const { score, map, mask, drawn = mask, abnormal } = result;
  const { map: baseline, body } = intensityBaseline(image);
  return {
    ...{ name: item.image, anomalous: item.anomalous, patient, geometry: image.geometry },
    ...{ score, map, mask, drawn, abnormal, baseline, body },
    ...(truth ? { truth } : {}),
  };
}

function evaluateDocument(run: Run, metrics: EvaluationMetrics): EvaluateDocument {
  const { dataset, cases, job, segmenter, stopwatch, failures } = run;
  const { rows, ...figures } = metrics;
  const done = rows.length + failures.length;
  const calibration = summariseCalibration(segmenter.bank.calibration);
  return {
    program: WRITTEN_BY,
    disclaimer: DISCLAIMER,
    ...{ interrupted: done < cases.length, done, total: cases.length },
    dataset: { name: dataset.root, layout: dataset.layout },
    bank: summariseBank(job.bank, segmenter.bank),
    options: segmenter.options,
    calibration,
    ...figures,
    maskRule: job.maskRule ?? ">0",
    rows: rows.map(({ name: _, ...measured }, i) => ({ ...run.rows[i], ...measured })),
    issues: runIssues(job.bank, calibration, segmenter.options),
    failures: [...dataset.issues, ...failures],
    seconds: stopwatch.seconds(rows.length) satisfies StageSeconds,
    versions: versions(),
  };
}

async function writeDocuments(run: Run, doc: EvaluateDocument, folder: string): Promise<void> {
  await writeFileAtomic(join(folder, "evaluation.json"), stableJson(doc, []));
  const html = evaluateReportHtml(doc, {
    assets: await readReportAssets(),
    panels: await writeCases(run, doc, folder),
    cases: SHOWN_CASES,
  });
  await writeFileAtomic(join(folder, "report.html"), html);
}

async function drawCase(
  { job, shown, segmenter }: Run,
  item: DatasetCase,
  name: string,
  image: MedicalImage,
  result: Segmentation,
  truth: Mask | undefined,
): Promise<string | null> {
  if (item.anomalous && truth) {
    shown.push({ file: item.image, dice: dice(result.mask, truth), panel: drawPanel(image, truth, result) });
    if (shown.length > 4 * SHOWN_CASES) keepExtremes(shown);
  }
  const { alpha } = segmenter.options;
  const files = { folder: job.output ?? "", mapFormat: job.mapFormat ?? "png16", alpha } as const;
  return (await writeResult(image, result, name, files)).overlay;
}

/** Drops the cases that are neither among the best nor among the worst. */
function keepExtremes(shown: ShownCase[]): void {
  shown.sort((a, b) => b.dice - a.dice || (a.file < b.file ? -1 : 1));
  shown.splice(SHOWN_CASES, shown.length - 2 * SHOWN_CASES);
}

/** Writes the pictures of the best and worst cases; returns their names by image file. */
async function writeCases(run: Run, doc: EvaluateDocument, folder: string): Promise<Map<string, string>> {
  const { best, worst } = bestAndWorst(doc.rows, SHOWN_CASES);
  const panels = new Map<string, string>();
  for (const { file } of [...best, ...worst]) {
    const shown = run.shown.find((candidate) => candidate.file === file);
    if (shown === undefined) continue;
    const index = run.cases.findIndex(({ image }) => image === file);
    const name = `cases/${run.names[index]}.png`;
    await writeBelow(folder, name, await rgbToPng(shown.panel));
    panels.set(file, name);
  }
  return panels;
}
