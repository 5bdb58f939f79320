// What an evaluation tells when it ends: evaluation.json, report.html, and the pictures of its best and worst cases.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readReportAssets } from "../io/report-assets.ts";
import { writeFileAtomic } from "../io/write-atomic.ts";
import { rgbToPng } from "../io/write-raster.ts";
import { issue } from "../issues.ts";
import { createEvaluation } from "../metrics/summary.ts";
import { summariseVolumes, undefinedVolumeMetrics } from "../metrics/volume-summary.ts";
import {
  bestAndWorst,
  type EvaluateDocument,
  type EvaluationRow,
  type EvaluationVolumes,
} from "../report/evaluate-document.ts";
import { evaluateReportHtml } from "../report/evaluate-report.ts";
import { isDecidable, runIssues, summariseBank, summariseCalibration } from "../report/results.ts";
import { stableJson } from "../report/stable-json.ts";
import type { Issue, StageSeconds } from "../types.ts";
import { DISCLAIMER, WRITTEN_BY } from "../version.ts";
import { type EvaluationRun, SHOWN_CASES } from "./evaluation-run.ts";
import { versions } from "./versions.ts";
import { writeBelow } from "./write-result.ts";

/** @param done cases that were evaluated or have failed */
export function evaluateDocument(run: EvaluationRun, done: number): EvaluateDocument {
  const { dataset, cases, job, segmenter, stopwatch, failures } = run;
  const { rows: measures, undefinedMetrics, ...figures } = run.metrics.finish();
  const rows = measures.map(({ name: _, ...measured }, i) => ({ ...run.rows[i], ...measured }));
  const { maskRule = ">0" } = job;
  const calibration = summariseCalibration(segmenter.bank.calibration);
  const volumes = volumesOf(run);
  return {
    program: WRITTEN_BY,
    disclaimer: DISCLAIMER,
    ...{ interrupted: done < cases.length, done, total: cases.length },
    dataset: { name: dataset.root, layout: dataset.layout },
    bank: summariseBank(job.bank, segmenter.bank),
    options: segmenter.options,
    calibration,
    ...figures,
    undefinedMetrics: {
      ...undefinedMetrics,
      ...(volumes && undefinedVolumeMetrics(volumes)),
      ...(isDecidable(calibration, segmenter.options) ? {} : UNDECIDED),
    },
    maskRule,
    rows,
    volumes,
    issues: [...runIssues(job.bank, calibration, segmenter.options), ...emptyTruths(rows, maskRule)],
    failures: [...dataset.issues, ...failures],
    seconds: stopwatch.seconds(rows.length) satisfies StageSeconds,
    versions: versions(),
  };
}

const NO_VERDICT = "needs a bank with enough normal images for a p-value of alpha";
const UNDECIDED = { "decision.sensitivity": NO_VERDICT, "decision.specificity": NO_VERDICT };

/** A mask without a lesion is a blank file, or the rule asks for values that it does not have. */
function emptyTruths(rows: readonly EvaluationRow[], maskRule: string): Issue[] {
  const known = rows.filter(({ anomalous, truthArea }) => anomalous && truthArea !== null);
  const empty = known.filter(({ truthArea }) => truthArea === 0);
  if (empty.length === 0) return [];
  const [{ file }] = empty;
  const rule = `the mask of an anomalous image must have a pixel ${maskRule}, ${empty.length} of ${known.length} have none, the first is that of ${file}`;
  const message = `${rule}; these are left out of DICE; check the masks, or --mask-rule`;
  return [issue("mask-empty", file, message)];
}

function volumesOf({ volumes }: EvaluationRun): EvaluationVolumes | null {
  if (volumes.length === 0) return null;
  return { ...summariseVolumes(volumes.map(({ measures }) => measures)), rows: volumes };
}

/** As startDocuments of a segmentation: a run that is killed leaves documents that claim nothing. */
export async function startDocuments(run: EvaluationRun, folder: string): Promise<void> {
  const nothing = { ...run, metrics: createEvaluation({ bootstrap: 0 }) };
  await writeFileAtomic(join(folder, "evaluation.json"), stableJson(evaluateDocument(nothing, 0), []));
  await rm(join(folder, "report.html"), { force: true });
}

/** Writes evaluation.json and report.html into `folder`. */
export async function writeDocuments(
  run: EvaluationRun,
  doc: EvaluateDocument,
  folder: string,
): Promise<void> {
  await writeFileAtomic(join(folder, "evaluation.json"), stableJson(doc, []));
  const html = evaluateReportHtml(doc, {
    assets: await readReportAssets(),
    panels: await writeCases(run, doc, folder),
    cases: SHOWN_CASES,
  });
  await writeFileAtomic(join(folder, "report.html"), html);
}

/** Writes the pictures of the best and worst cases; returns their names by image file. */
async function writeCases(
  { shown }: EvaluationRun,
  doc: EvaluateDocument,
  folder: string,
): Promise<Map<string, string>> {
  const { best, worst } = bestAndWorst(doc.rows, SHOWN_CASES);
  const panels = new Map<string, string>();
  for (const { file } of [...best, ...worst]) {
    const found = shown.find((candidate) => candidate.file === file);
    if (found === undefined) continue;
    const name = `cases/${found.name}.png`;
    await writeBelow(folder, name, await rgbToPng(found.panel));
    panels.set(file, name);
  }
  return panels;
}
