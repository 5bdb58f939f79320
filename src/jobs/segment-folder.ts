// Segments what a user names into a folder: images first, then volumes, each with its files as soon as it is done, then
// the documents that tell of all.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { requireSecret } from "../dicom/pseudonym-secret.ts";
import { isMiasError, type MiasError } from "../errors.ts";
import { isRefusalOfOneFile, makeOutputFolder } from "../io/write-atomic.ts";
import { issue } from "../issues.ts";
import { segmentOptionsSchema } from "../options.ts";
import { slicedAlike } from "../pipeline/slicing.ts";
import type { ResultsDocument } from "../report/results.ts";
import type { VolumeResult } from "../report/volume-results.ts";
import type { Issue } from "../types.ts";
import { sha256Hex } from "../util/sha256.ts";
import { VERSION } from "../version.ts";
import { anything, checkJob, type JobEntries } from "./check-job.ts";
import { earlierFiles } from "./earlier-files.ts";
import type { FolderRun, SegmentFolderJob } from "./folder-run.ts";
import { type Inputs, openInputs } from "./inputs.ts";
import { outputNames } from "./output-names.ts";
import { withSegmentation } from "./output-types.ts";
import { openSegmenter, segmentEntries, segmentSource, volumeContext } from "./segment.ts";
import { DOCUMENTS, resultsDocument, startDocuments, writeDocuments } from "./segment-documents.ts";
import { segmentVolumeInput, type VolumeOutcome } from "./segment-volume.ts";
import { openSliceStore, type SliceRun } from "./slice-store.ts";
import { createStopwatch, type Stopwatch } from "./stopwatch.ts";
import { requireStorable } from "./store-options.ts";
import { RESULT_FOLDERS, writeResult } from "./write-result.ts";

export type { SegmentFolderJob } from "./folder-run.ts";

const SEGMENT_FOLDER_JOB = {
  ...{ ...segmentEntries, output: v.string(), mapFormat: anything, outputTypes: anything },
  ...{ pseudonymSecret: anything, store: anything },
} satisfies JobEntries<SegmentFolderJob>;

/** What keeps any more results from being written, where that ends the run. */
type Refusal = MiasError | undefined;

/**
 * Segments images and volumes into a folder: masks, maps, overlays, results.json, results.csv, report.html, and
 * lesions.csv of volumes. One whose files cannot be written has failed. When aborted, the image at hand is finished, the
 * documents tell of what is done and that they are partial, and the signal's reason is thrown; so it is where the disk
 * takes no more. From the start results.json says that the run has not come to its end, so that one that is killed does.
 * @throws MiasError as segment, and `output-unwritable`; the signal's reason when aborted
 */
export async function segmentToFolder(
  inputs: readonly string[],
  job: SegmentFolderJob,
): Promise<ResultsDocument> {
  const stopwatch = createStopwatch();
  checkJob("segmentToFolder", SEGMENT_FOLDER_JOB, segmentOptionsSchema.entries, job);
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
    ...{ job, inputs: found, names, segmenter, stopwatch },
    ...{ results: [], volumes: [], failures, written: new Set() },
  };
  try {
    await makeOutputFolder(job.output, { files: DOCUMENTS, folders: RESULT_FOLDERS });
    await startDocuments(run);
    const refusal = (await segmentImages(run)) ?? (await segmentVolumes(run));
    const doc = resultsDocument(run, await earlierFiles(job.output, run.written));
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
    const mapFormat = job.mapFormat ?? "png16";
    const files = { folder: job.output, mapFormat, alpha, written: run.written } as const;
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
    slicing: slicedAlike(bank, job),
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
    ...{ folder, alpha, written: run.written },
    ...(types ? { types } : {}),
    ...(job.onProgress ? { onProgress: job.onProgress } : {}),
    ...(pseudonymSecret === undefined ? {} : { pseudonymSecret }),
  };
  return written(run, found.name, async () => {
    const name = names[inputs.images.length + place];
    const { writeVolume } = await import("./write-volume.ts");
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
  const { storeResult } = await import("./store-results.ts");
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
