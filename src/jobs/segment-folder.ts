// Segments what a user names into a folder: images first, then volumes, each with its files as soon as it is done, then
// the documents that tell of all.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { requireSecret } from "../dicom/object-pseudonym.ts";
import { isMiasError, type MiasError } from "../errors.ts";
import { readReportAssets } from "../io/report-assets.ts";
import { isRefusalOfOneFile, makeOutputFolder, writeFileAtomic } from "../io/write-atomic.ts";
import { issue } from "../issues.ts";
import type { Segmenter } from "../pipeline/segment.ts";
import {
  type ImageResult,
  type ResultsDocument,
  resultsToJson,
  runIssues,
  summariseBank,
  summariseCalibration,
} from "../report/results.ts";
import { resultsToCsv } from "../report/results-csv.ts";
import { segmentReportHtml } from "../report/segment-report.ts";
import { lesionsToCsv, type VolumeResult } from "../report/volume-results.ts";
import type { Issue } from "../types.ts";
import { sha256Hex } from "../util/sha256.ts";
import { DISCLAIMER, VERSION, WRITTEN_BY } from "../version.ts";
import { type Inputs, openInputs } from "./inputs.ts";
import { outputNames } from "./output-names.ts";
import { openSegmenter, type SegmentJob, segmentSource, volumeContext } from "./segment.ts";
import { segmentVolumeInput, type VolumeOutcome } from "./segment-volume.ts";
import { openSliceStore, type SliceRun } from "./slice-store.ts";
import { createStopwatch, type Stopwatch } from "./stopwatch.ts";
import {
  imagesNotStored,
  requireStorable,
  type StoreOptions,
  storeResult,
  withSegmentation,
} from "./store-results.ts";
import { type MapFormat, mapScale, RESULT_FOLDERS, writeResult } from "./write-result.ts";
import { type OutputType, writeVolume } from "./write-volume.ts";

export interface SegmentFolderJob extends SegmentJob {
  /** Folder the results are written to. */
  readonly output: string;
  /** Of the maps of images. @default "png16" */
  readonly mapFormat?: MapFormat;
  /** What is written of volumes. @default a DICOM segmentation and map of a DICOM series, else NIfTI */
  readonly outputTypes?: readonly OutputType[];
  /** Secret that pseudonyms are made with: DICOM objects then name no patient. @default they name the source's */
  readonly pseudonymSecret?: string;
  /** Whether DICOM segmentations go back into the studies that volumes come from, and with `maps` parametric maps, too. */
  readonly store?: StoreOptions;
}

/** Files that a run writes beside the pictures. */
const DOCUMENTS = ["results.json", "results.csv", "lesions.csv", "report.html"] as const;

/** A segmentation into a folder that is under way. */
interface FolderRun {
  readonly job: SegmentFolderJob;
  readonly inputs: Inputs;
  /** Of the results: one for each image, then one for each volume. */
  readonly names: readonly string[];
  readonly segmenter: Segmenter;
  readonly stopwatch: Stopwatch;
  readonly results: ImageResult[];
  readonly volumes: VolumeResult[];
  readonly failures: Issue[];
}

/** What keeps any more results from being written, where that ends the run. */
type Refusal = MiasError | undefined;

/**
 * Segments images and volumes into a folder: masks, maps, overlays, results.json, results.csv, report.html, and
 * lesions.csv of volumes. One whose files cannot be written has failed. When aborted, the image at hand is finished, the
 * documents tell of what is done and that they are partial, and the signal's reason is thrown; so it is where the disk
 * takes no more.
 * @throws MiasError as segment, and `output-unwritable`; the signal's reason when aborted
 */
export async function segmentToFolder(
  inputs: readonly string[],
  job: SegmentFolderJob,
): Promise<ResultsDocument> {
  const stopwatch = createStopwatch();
  requireStorable(inputs, job);
  if (job.pseudonymSecret !== undefined) requireSecret(job.pseudonymSecret);
  const found = await openInputs(inputs, job);
  try {
    return await segmentInputs(found, job, stopwatch);
  } finally {
    await found.release();
  }
}

async function segmentInputs(
  found: Inputs,
  job: SegmentFolderJob,
  stopwatch: Stopwatch,
): Promise<ResultsDocument> {
  const names = outputNames([...found.images, ...found.volumes].map(({ name }) => name));
  const { segmenter, release } = await openSegmenter(job);
  const failures = [...found.failures];
  const run: FolderRun = {
    ...{ job, inputs: found, names, segmenter, stopwatch, results: [], volumes: [], failures },
  };
  try {
    await makeOutputFolder(job.output, { files: DOCUMENTS, folders: RESULT_FOLDERS });
    const refusal = (await segmentImages(run)) ?? (await segmentVolumes(run));
    const doc = resultsDocument(run);
    await writeDocuments(job.output, doc).catch((error: unknown) => {
      throw refusal ?? error;
    });
    if (refusal) throw refusal;
    if (doc.interrupted) job.signal?.throwIfAborted();
    await rm(slicesFolder(job), { recursive: true, force: true });
    return doc;
  } finally {
    await release();
  }
}

async function segmentImages(run: FolderRun): Promise<Refusal> {
  const { job, inputs, names, segmenter } = run;
  const total = inputs.images.length;
  if (total === 0) return undefined;
  for (const [index, source] of inputs.images.entries()) {
    job.onProgress?.({ stage: "segmenting", done: index, total });
    if (job.signal?.aborted) return undefined;
    const outcome = await segmentSource(segmenter, source, job.allMasks ?? false);
    if ("failure" in outcome) {
      run.failures.push(outcome.failure);
      continue;
    }
    const { image, result } = outcome;
    run.stopwatch.add(result.seconds);
    const { alpha } = segmenter.options;
    const files = { folder: job.output, mapFormat: job.mapFormat ?? "png16", alpha } as const;
    const refusal = await written(run, image.name, async () => {
      run.results.push(await writeResult(image, result, names[index], files));
    });
    if (refusal) return refusal;
  }
  job.onProgress?.({ stage: "segmenting", done: total, total });
  return undefined;
}

async function segmentVolumes(run: FolderRun): Promise<Refusal> {
  const { job, inputs } = run;
  for (const place of inputs.volumes.keys()) {
    if (job.signal?.aborted) return undefined;
    try {
      const refusal = await segmentOneVolume(run, place);
      if (refusal) return refusal;
    } catch (error) {
      if (!job.signal?.aborted) throw error;
    }
  }
  return undefined;
}

async function segmentOneVolume(run: FolderRun, place: number): Promise<Refusal> {
  const { job, inputs, segmenter } = run;
  const store = await openSliceStore(join(slicesFolder(job), String(place)), await sliceRunOf(run, place));
  const context = { ...volumeContext(job, place, inputs.volumes.length), store };
  const outcome = await segmentVolumeInput(segmenter, inputs.volumes[place], job, context);
  const refusal = "failure" in outcome ? fail(run, outcome.failure) : await writeOutcome(run, place, outcome);
  await store.remove();
  return refusal;
}

/** Where slices that were seen are kept while a volume is under way. */
function slicesFolder({ output }: SegmentFolderJob): string {
  return join(output, ".mias-slices");
}

async function sliceRunOf({ job, inputs, segmenter }: FolderRun, place: number): Promise<SliceRun> {
  const { bank, model } = segmenter;
  const { name, stamp = "" } = inputs.volumes[place];
  const { options, provenance, calibration } = bank;
  const text = JSON.stringify([options, provenance, calibration]);
  return {
    bankSha256: await sha256Hex(new TextEncoder().encode(text)),
    modelSha256: model.sha256,
    volume: `${name} ${stamp}`,
    slicing: [job.axis, job.window, job.volumeIndex],
    version: VERSION,
  };
}

function fail(run: FolderRun, failure: Issue): undefined {
  run.failures.push(failure);
}

async function writeOutcome(
  run: FolderRun,
  place: number,
  { open, opened, found }: Exclude<VolumeOutcome, { failure: Issue }>,
): Promise<Refusal> {
  const { job, inputs, names, segmenter } = run;
  run.stopwatch.add(found.seconds);
  const { alpha } = segmenter.options;
  const { output: folder, pseudonymSecret } = job;
  const types = job.store && job.outputTypes ? withSegmentation(job.outputTypes) : job.outputTypes;
  const files = {
    ...{ folder, alpha },
    ...(types ? { types } : {}),
    ...(pseudonymSecret === undefined ? {} : { pseudonymSecret }),
  };
  return written(run, found.name, async () => {
    const name = names[inputs.images.length + place];
    const result = await writeVolume(open, opened, found, name, files);
    run.volumes.push(await storeOutcome(run, place, result));
  });
}

/** Sends what was written of a volume into its study, where that is wanted. */
async function storeOutcome(
  { job, inputs }: FolderRun,
  place: number,
  result: VolumeResult,
): Promise<VolumeResult> {
  const { origin } = inputs.volumes[place];
  if (job.store === undefined || origin === undefined) return result;
  return storeResult(result, origin, { ...job, ...job.store });
}

/** Writes results; where they cannot be written, the image has failed, and the run where nothing can be. */
async function written(run: FolderRun, name: string, write: () => Promise<void>): Promise<Refusal> {
  try {
    await write();
    return undefined;
  } catch (error) {
    if (!isMiasError(error, "output-unwritable", "image-unsupported")) throw error;
    run.failures.push(issue("image-failed", name, error.message));
    return error.code === "image-unsupported" || isRefusalOfOneFile(error) ? undefined : error;
  }
}

function resultsDocument(run: FolderRun): ResultsDocument {
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

async function writeDocuments(folder: string, doc: ResultsDocument): Promise<void> {
  await writeFileAtomic(join(folder, "results.json"), resultsToJson(doc));
  await writeFileAtomic(join(folder, "results.csv"), resultsToCsv(doc));
  if (doc.volumes.length > 0) await writeFileAtomic(join(folder, "lesions.csv"), lesionsToCsv(doc.volumes));
  await writeFileAtomic(
    join(folder, "report.html"),
    segmentReportHtml(doc, { assets: await readReportAssets() }),
  );
}
