import { join } from "node:path";
import { isMiasError, type MiasError } from "../errors.ts";
import { readReportAssets } from "../io/report-assets.ts";
import { isRefusalOfOneFile, makeOutputFolder, writeFileAtomic } from "../io/write-atomic.ts";
import { issue } from "../issues.ts";
import { segmentOptions } from "../options.ts";
import { createSegmenter, type Segmenter } from "../pipeline/segment.ts";
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
import type { ImageSource, Issue, MedicalImage, Segmentation, SegmentOptions } from "../types.ts";
import { DISCLAIMER, WRITTEN_BY } from "../version.ts";
import { type JobOptions, openBank, openInputs, openModel } from "./open.ts";
import { outputNames } from "./output-names.ts";
import { createStopwatch, type Stopwatch } from "./stopwatch.ts";
import { type MapFormat, mapScale, RESULT_FOLDERS, writeResult } from "./write-result.ts";

export interface SegmentJob extends JobOptions {
  /** Bank file. */
  readonly bank: string;
  /** What is to differ from the options of the bank's preset. */
  readonly options?: Partial<SegmentOptions>;
  /** Whether results hold every mask that was considered. @default false */
  readonly allMasks?: boolean;
}

export interface SegmentFolderJob extends SegmentJob {
  /** Folder the results are written to. */
  readonly output: string;
  /** @default "png16" */
  readonly mapFormat?: MapFormat;
}

/** Files that a run writes beside the pictures. */
const DOCUMENTS = ["results.json", "results.csv", "report.html"] as const;

/** One image and what was found, or why it could not be processed. */
export type SegmentOutcome =
  | { readonly image: MedicalImage; readonly result: Segmentation }
  | { readonly failure: Issue };

/**
 * Segments the images that `inputs` name, one after another; an image that cannot be read is an outcome too.
 * @throws MiasError for what concerns all images: bank, model, options; the signal's reason when aborted
 */
export async function* segment(inputs: readonly string[], job: SegmentJob): AsyncGenerator<SegmentOutcome> {
  const { images } = await openInputs(inputs);
  const { segmenter, release } = await openSegmenter(job);
  try {
    for (const [done, source] of images.entries()) {
      job.onProgress?.({ stage: "segmenting", done, total: images.length });
      job.signal?.throwIfAborted();
      yield await segmentSource(segmenter, source, job.allMasks ?? false);
    }
    job.onProgress?.({ stage: "segmenting", done: images.length, total: images.length });
  } finally {
    await release();
  }
}

/** A segmenter for the job's bank and model. */
export async function openSegmenter(
  job: SegmentJob,
): Promise<{ segmenter: Segmenter; release(): Promise<void> }> {
  const bank = await openBank(job.bank, job.signal);
  const options = segmentOptions(bank.options.preset, job.options);
  const model = await openModel(job);
  const segmenter = await createSegmenter(model, bank, options);
  return {
    segmenter,
    release: async () => {
      await segmenter.release();
      await model.release();
    },
  };
}

/** Reads and segments one image; what is wrong with the image becomes an issue. */
export async function segmentSource(
  segmenter: Segmenter,
  source: ImageSource,
  hierarchy: boolean,
): Promise<SegmentOutcome> {
  try {
    const image = await source.read();
    return { image, result: await segmenter.segment(image, { hierarchy }) };
  } catch (error) {
    if (!isMiasError(error)) throw error;
    return { failure: issue("image-failed", source.name, error.message) };
  }
}

/** A segmentation into a folder that is under way. */
interface FolderRun {
  readonly job: SegmentFolderJob;
  readonly images: readonly ImageSource[];
  /** Of the results, one for each image. */
  readonly names: readonly string[];
  readonly segmenter: Segmenter;
  readonly stopwatch: Stopwatch;
  /** Of the inputs. */
  readonly issues: readonly Issue[];
  readonly results: ImageResult[];
  readonly failures: Issue[];
}

/**
 * Segments images into a folder: masks, maps, overlays, results.json, results.csv and report.html. An image whose
 * files cannot be written has failed. When aborted, the image at hand is finished, the documents tell of the images
 * that are done and that they are partial, and the signal's reason is thrown; so it is where the disk takes no more.
 * @throws MiasError as segment, and `output-unwritable`; the signal's reason when aborted
 */
export async function segmentToFolder(
  inputs: readonly string[],
  job: SegmentFolderJob,
): Promise<ResultsDocument> {
  const stopwatch = createStopwatch();
  const { images, issues } = await openInputs(inputs, job.output);
  const names = outputNames(images.map((image) => image.name));
  const { segmenter, release } = await openSegmenter(job);
  const run: FolderRun = { job, images, names, segmenter, stopwatch, issues, results: [], failures: [] };
  try {
    await makeOutputFolder(job.output, { files: DOCUMENTS, folders: RESULT_FOLDERS });
    const refusal = await segmentEach(run);
    const doc = resultsDocument(run);
    await writeDocuments(job.output, doc).catch((error: unknown) => {
      throw refusal ?? error;
    });
    if (refusal) throw refusal;
    job.signal?.throwIfAborted();
    return doc;
  } finally {
    await release();
  }
}

/** Returns what keeps any more results from being written, where that ended the run. */
async function segmentEach(run: FolderRun): Promise<MiasError | undefined> {
  const { job, images, results, failures } = run;
  const report = () => {
    const done = results.length + failures.length;
    job.onProgress?.({ stage: "segmenting", done, total: images.length });
  };
  for (const index of images.keys()) {
    report();
    if (job.signal?.aborted) return undefined;
    const refusal = await segmentOne(run, index);
    if (refusal) return refusal;
  }
  report();
  return undefined;
}

async function segmentOne(run: FolderRun, index: number): Promise<MiasError | undefined> {
  const { job, images, names, segmenter, stopwatch, results, failures } = run;
  const outcome = await segmentSource(segmenter, images[index], job.allMasks ?? false);
  if ("failure" in outcome) {
    failures.push(outcome.failure);
    return undefined;
  }
  const { image, result } = outcome;
  stopwatch.add(result.seconds);
  const { alpha } = segmenter.options;
  const files = { folder: job.output, mapFormat: job.mapFormat ?? "png16", alpha } as const;
  try {
    results.push(await writeResult(image, result, names[index], files));
    return undefined;
  } catch (error) {
    if (!isMiasError(error, "output-unwritable")) throw error;
    failures.push(issue("image-failed", image.name, error.message));
    return isRefusalOfOneFile(error) ? undefined : error;
  }
}

function resultsDocument(run: FolderRun): ResultsDocument {
  const { job, images, segmenter, stopwatch, issues, results, failures } = run;
  const { bank, options } = segmenter;
  const calibration = summariseCalibration(bank.calibration);
  const done = results.length + failures.length;
  return {
    program: WRITTEN_BY,
    disclaimer: DISCLAIMER,
    interrupted: done < images.length,
    done,
    total: images.length,
    bank: summariseBank(job.bank, bank),
    options,
    mapScale,
    calibration,
    images: results,
    volumes: [],
    issues: [...issues, ...runIssues(job.bank, calibration, options)],
    failures,
    seconds: stopwatch.seconds(done),
  };
}

async function writeDocuments(folder: string, doc: ResultsDocument): Promise<void> {
  await writeFileAtomic(join(folder, "results.json"), resultsToJson(doc));
  await writeFileAtomic(join(folder, "results.csv"), resultsToCsv(doc));
  await writeFileAtomic(
    join(folder, "report.html"),
    segmentReportHtml(doc, { assets: await readReportAssets() }),
  );
}
