import * as v from "valibot";
import { isMiasError, MiasError } from "../errors.ts";
import { isPictureName } from "../io/case-names.ts";
import { type Dataset, readDataset } from "../io/dataset-layout.ts";
import { readPatientRule } from "../io/read-patient-rule.ts";
import { isRefusalOfOneFile, makeOutputFolder } from "../io/write-atomic.ts";
import { issue } from "../issues.ts";
import { createEvaluation } from "../metrics/summary.ts";
import { segmentOptionsSchema } from "../options.ts";
import type { EvaluateDocument } from "../report/evaluate-document.ts";
import { patientsOf } from "../util/patient-rule.ts";
import { anything, checkJob, type JobEntries } from "./check-job.ts";
import { evaluateDocument, startDocuments, writeDocuments } from "./evaluate-documents.ts";
import { evaluatePicture } from "./evaluate-picture.ts";
import { evaluateVolume } from "./evaluate-volume.ts";
import type { EvaluateJob, EvaluationCase, EvaluationRun } from "./evaluation-run.ts";
import { openCase } from "./judged-volume.ts";
import { outputNames } from "./output-names.ts";
import { readCase, readTruth } from "./read-case.ts";
import { openSegmenter, segmentEntries } from "./segment.ts";
import { createStopwatch } from "./stopwatch.ts";
import { EVALUATION_FOLDERS } from "./write-result.ts";

export type { EvaluateJob } from "./evaluation-run.ts";

const EVALUATE_JOB = {
  ...{ ...segmentEntries, output: v.optional(v.string()), maskRule: anything, mapFormat: anything },
  ...{ split: anything, bootstrap: anything, patients: anything, seed: anything },
} satisfies JobEntries<EvaluateJob>;

/** What a run makes in its output folder. */
const PLACES = { files: ["evaluation.json", "report.html"], folders: EVALUATION_FOLDERS };

/**
 * Segments the test images and volumes of a data set and compares the results with its masks. When aborted, or where the
 * disk takes no more, the documents in `output` tell of those that are done and that they are partial. One volume is in
 * memory at a time.
 * @throws MiasError `dataset-unrecognised`, `no-images`, `usage` (patients), and what concerns all images; the signal's reason when aborted
 */
export async function evaluate(root: string, job: EvaluateJob): Promise<EvaluateDocument> {
  checkJob("evaluate", EVALUATE_JOB, segmentOptionsSchema.entries, job);
  const dataset = await readDataset(root);
  const cases = await casesOf(dataset, job);
  const { segmenter, release } = await openSegmenter(job);
  const run: EvaluationRun = {
    ...{ dataset, cases, job, segmenter, stopwatch: createStopwatch() },
    metrics: createEvaluation({ bootstrap: job.bootstrap ?? 1000, seed: job.seed ?? 0 }),
    ...{ rows: [], volumes: [], failures: [], shown: [] },
  };
  try {
    if (job.output !== undefined) {
      await makeOutputFolder(job.output, PLACES);
      await startDocuments(run, job.output);
    }
    const { done, refusal } = await evaluateCases(run);
    if (job.output === undefined) job.signal?.throwIfAborted();
    const doc = evaluateDocument(run, done);
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

async function casesOf(dataset: Dataset, job: EvaluateJob): Promise<EvaluationCase[]> {
  const { root } = dataset;
  const split = job.split ?? "test";
  const cases = dataset[split];
  if (cases.length === 0) {
    throw new MiasError("no-images", root, `${root} has no ${split} images; check the data set or --split`);
  }
  const files = cases.map(({ image }) => image);
  const names = outputNames(files);
  const patients = await patientsOfCases(files, job.patients);
  return cases.map((item, i) => ({ ...item, name: names[i], patient: patients[i] }));
}

/** Without a rule of the user's a volume is a patient, and pictures are told by their names. */
async function patientsOfCases(files: readonly string[], rule: string | undefined): Promise<string[]> {
  if (rule !== undefined) return patientsOf(files, await readPatientRule(rule));
  const pictures = files.filter(isPictureName);
  const ofPictures = patientsOf(pictures, { kind: "name" });
  const patients = new Map(pictures.map((file, i) => [file, ofPictures[i]]));
  return files.map((file) => patients.get(file) ?? file);
}

/** Returns how many are done, and what keeps any more results from being written, where that ended the run. */
async function evaluateCases(run: EvaluationRun): Promise<{ done: number; refusal?: MiasError }> {
  const { job, cases } = run;
  const total = cases.length;
  for (const [done, item] of cases.entries()) {
    job.onProgress?.({ stage: "evaluating", done, total });
    if (job.signal?.aborted) return { done };
    try {
      await evaluateCase(run, item);
    } catch (error) {
      if (job.signal?.aborted && error === job.signal.reason) return { done };
      if (!isMiasError(error)) throw error;
      run.failures.push(issue("image-failed", item.image, error.message));
      const isLast = error.code === "output-unwritable" && !isRefusalOfOneFile(error);
      if (isLast) return { done: done + 1, refusal: error };
    }
  }
  job.onProgress?.({ stage: "evaluating", done: total, total });
  return { done: total };
}

async function evaluateCase(run: EvaluationRun, item: EvaluationCase): Promise<void> {
  const { volumeIndex, signal, maskRule = ">0" } = run.job;
  if (isPictureName(item.image)) return evaluatePicture(run, item, await readCase(item, maskRule));
  const options = { ...(volumeIndex === undefined ? {} : { volumeIndex }), ...(signal ? { signal } : {}) };
  const input = await openCase(item.image, options);
  if ("volume" in input) return evaluateVolume(run, item, input.volume, input.issues);
  const image = await input.image.read();
  return evaluatePicture(run, item, { image, ...(await readTruth(item, maskRule, image)) });
}
