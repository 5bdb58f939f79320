import { rm, stat } from "node:fs/promises";
import { resolve } from "node:path";
import * as v from "valibot";
import { encodeBank } from "../bank/bank-file.ts";
import { MiasError } from "../errors.ts";
import { withFileSource } from "../io/file-source.ts";
import { makeFolderOfOutput, writeStreamAtomic } from "../io/write-atomic.ts";
import { fitOptions, fitOptionsSchema } from "../options.ts";
import { fitBank } from "../pipeline/fit.ts";
import type { CheckpointStore } from "../pipeline/fit-checkpoint.ts";
import { requireSameSlicing, slicedAlike, slicingOf } from "../pipeline/slicing.ts";
import type { Bank, CallContext, FitOptions, ImageSource, Issue, SliceOptions } from "../types.ts";
import { type ByteSource, memorySource } from "../util/byte-source.ts";
import { anything, checkJob, type JobEntries, jobEntries, sliceEntries } from "./check-job.ts";
import { type Inputs, openInputs } from "./inputs.ts";
import { type JobOptions, openBank, openModel } from "./open.ts";
import type { DicomWebAccess } from "./retrieve-studies.ts";
import { sliceSources } from "./slice-sources.ts";
import { versions } from "./versions.ts";

export interface FitJob extends JobOptions, SliceOptions {
  /** File the bank is written to; an interrupted fit leaves OUTPUT.checkpoint beside it and goes on from there. */
  readonly output: string;
  /** Bank file that goes on learning. */
  readonly bankFrom?: string;
  /** What is to differ from the preset's options, or from those of `bankFrom`. */
  readonly options?: Partial<FitOptions>;
  /** Which volume of a file with several, from 0. @default the first, with an issue */
  readonly volumeIndex?: number;
  /** Of the servers whose studies are among the inputs. */
  readonly dicomWeb?: DicomWebAccess;
}

const FIT_JOB = {
  ...{ ...jobEntries, ...sliceEntries, output: v.string(), bankFrom: v.optional(v.string()) },
  ...{ options: anything, volumeIndex: anything, dicomWeb: anything },
} satisfies JobEntries<FitJob>;

/** What `mias fit --json` prints. */
export interface FitReport {
  readonly bank: string;
  /** Normal images in the bank, those held out for calibration among them. */
  readonly images: number;
  readonly heldOut: number;
  /** Patches offered, and rows kept. */
  readonly patches: number;
  readonly rows: number;
  /** Values of a row, all layers together. */
  readonly dims: number;
  /** Size of the bank file. */
  readonly bytes: number;
  readonly options: FitOptions;
  readonly issues: readonly Issue[];
  /** Images that an earlier, interrupted call had dealt with. */
  readonly resumed: number;
  readonly seconds: { readonly total: number; readonly encode: number };
  readonly imagesPerSecond: number;
  readonly peakRssBytes: number;
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * Learns the normal images, and slices of normal volumes, that `inputs` name (files, folders, globs, @lists,
 * DICOMweb studies) and writes a bank.
 * @throws MiasError as fitBank, listImages and writeStreamAtomic do; the signal's reason when aborted
 */
export async function fit(inputs: readonly string[], job: FitJob): Promise<FitReport> {
  const started = performance.now();
  checkJob("fit", FIT_JOB, fitOptionsSchema.entries, job);
  const found = await openInputs(inputs, job);
  try {
    return await fitInputs(found, job, started);
  } finally {
    await found.release();
  }
}

/** @param started when the job was, in milliseconds of performance.now() */
async function fitInputs(found: Inputs, job: FitJob, started: number): Promise<FitReport> {
  const base = job.bankFrom === undefined ? undefined : await openBank(job.bankFrom, job.signal);
  if (base) requireSameSlicing(base, job);
  const slicing = slicedAlike(base ?? {}, job);
  const { images, issues } = await normalImages(found, slicing, job);
  checkOutput(job.output, images);
  await makeFolderOfOutput(job.output);
  const model = await openModel(job);
  try {
    const options = fitOptions(model.features, { ...base?.options, ...job.options });
    const store = checkpointFile(`${job.output}.checkpoint`);
    const result = await fitBank(model, images, options, {
      ...(job.signal ? { signal: job.signal } : {}),
      ...(job.onProgress ? { onProgress: job.onProgress } : {}),
      ...(base ? { base } : {}),
      ...(found.volumes.length > 0 ? { slicing: slicingOf(slicing) } : {}),
      checkpoints: store,
    });
    await writeStreamAtomic(job.output, async (sink) => {
      for (const chunk of await encodeBank(result.bank)) await sink.write(chunk);
    });
    await store.remove();
    const dealtWith = images.length - result.resumed;
    const total = (performance.now() - started) / 1000;
    return {
      ...bankFigures(result.bank),
      bank: job.output,
      bytes: (await stat(job.output)).size,
      issues: [...issues, ...result.issues],
      resumed: result.resumed,
      seconds: { total, encode: result.seconds.encode },
      imagesPerSecond: dealtWith / total,
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      versions: versions(),
    };
  } finally {
    await model.release();
  }
}

/** The images among inputs, and the slices of their volumes; what cannot be read is an issue. */
async function normalImages(
  found: Inputs,
  slicing: SliceOptions,
  context: CallContext,
): Promise<{ images: readonly ImageSource[]; issues: readonly Issue[] }> {
  const slices = await sliceSources(found.volumes, slicing, context);
  return {
    images: [...found.images, ...slices.images],
    issues: [...found.issues, ...found.failures, ...slices.issues, ...slices.failures],
  };
}

function checkOutput(output: string, images: readonly ImageSource[]): void {
  if (!images.some(({ name }) => resolve(name) === resolve(output))) return;
  throw new MiasError(
    "usage",
    output,
    `output ${output} must not be one of the input images; choose another name`,
  );
}

function bankFigures({ provenance, rows, layers, options }: Bank) {
  return {
    images: provenance.images,
    heldOut: provenance.heldOut,
    patches: provenance.patches,
    rows,
    dims: layers.reduce((sum, layer) => sum + layer.dims, 0),
    options,
  };
}

/** Keeps an unfinished fit in a file. */
function checkpointFile(path: string): CheckpointStore & { remove(): Promise<void> } {
  return {
    load: async (signal) => {
      const exists = await stat(path).then(
        () => true,
        () => false,
      );
      return exists ? withFileSource(path, (source) => inMemory(source, signal)) : undefined;
    },
    save: (chunks) =>
      writeStreamAtomic(path, async (sink) => {
        for (const chunk of chunks) await sink.write(chunk);
      }),
    remove: () => rm(path, { force: true }),
  };
}

async function inMemory(source: ByteSource, signal: AbortSignal | undefined): Promise<ByteSource> {
  return memorySource(source.name, await source.read(0, source.size, signal));
}
