// What a segmentation tells: results.json, results.csv, lesions.csv, report.html.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readReportAssets } from "../io/report-assets.ts";
import { writeFileAtomic } from "../io/write-atomic.ts";
import { issue } from "../issues.ts";
import {
  type ResultsDocument,
  resultsToJson,
  runIssues,
  summariseBank,
  summariseCalibration,
} from "../report/results.ts";
import { resultsToCsv } from "../report/results-csv.ts";
import { segmentReportHtml } from "../report/segment-report.ts";
import { lesionsToCsv } from "../report/volume-results.ts";
import type { Issue } from "../types.ts";
import { DISCLAIMER, WRITTEN_BY } from "../version.ts";
import type { FolderRun, SegmentFolderJob } from "./folder-run.ts";
import { imagesNotStored } from "./store-options.ts";
import { mapScale } from "./write-result.ts";

/** Files that a run writes beside the pictures. */
export const DOCUMENTS = ["results.json", "results.csv", "lesions.csv", "report.html"] as const;

/**
 * Puts a results.json that tells of nothing done in the place of an earlier run's, and removes its other documents: those
 * of a run that is killed then claim nothing of the pictures beside them.
 */
export async function startDocuments(run: FolderRun): Promise<void> {
  const { output } = run.job;
  const [results, ...others] = DOCUMENTS.map((name) => join(output, name));
  await writeFileAtomic(results, resultsToJson(resultsDocument(run)));
  for (const path of others) await rm(path, { force: true });
}

/**
 * What is told of a run as far as it has come.
 * @param issues about its folder
 */
export function resultsDocument(run: FolderRun, issues: readonly Issue[] = []): ResultsDocument {
  const { job, inputs, segmenter, stopwatch, results, volumes, failures } = run;
  const { bank, options } = segmenter;
  const calibration = summariseCalibration(bank.calibration);
  const total = inputs.images.length + inputs.volumes.length + inputs.failures.length;
  const done = results.length + volumes.length + failures.length;
  const seen = results.length + volumes.reduce((sum, { slices }) => sum + slices.length, 0);
  return {
    program: WRITTEN_BY,
    disclaimer: DISCLAIMER,
    interrupted: done < total,
    done,
    total,
    bank: summariseBank(job.bank, bank),
    options,
    mapScale,
    calibration,
    images: results,
    volumes,
    issues: [
      ...inputs.issues,
      ...(job.store ? imagesNotStored(inputs.images) : []),
      ...namesKept(job),
      ...issues,
      ...runIssues(job.bank, calibration, options),
    ],
    failures,
    seconds: stopwatch.seconds(seen + failures.length),
  };
}

/** Pseudonyms are for what is in DICOM objects; a folder may be named after its patient. */
function namesKept({ pseudonymSecret, output }: SegmentFolderJob): Issue[] {
  if (pseudonymSecret === undefined) return [];
  const message = `results in ${output} keep the names of files and folders; rename those that name a patient, and run again`;
  return [issue("names-kept", output, message)];
}

/** Writes the documents of a run that has ended. */
export async function writeDocuments(folder: string, doc: ResultsDocument): Promise<void> {
  await writeFileAtomic(join(folder, "results.json"), resultsToJson(doc));
  await writeFileAtomic(join(folder, "results.csv"), resultsToCsv(doc));
  if (doc.volumes.length > 0) await writeFileAtomic(join(folder, "lesions.csv"), lesionsToCsv(doc.volumes));
  await writeFileAtomic(
    join(folder, "report.html"),
    segmentReportHtml(doc, { assets: await readReportAssets() }),
  );
}
