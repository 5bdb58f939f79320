import * as v from "valibot";
import { isMiasError } from "../errors.ts";
import { issue } from "../issues.ts";
import { segmentOptions, segmentOptionsSchema } from "../options.ts";
import { createSegmenter, type Segmenter } from "../pipeline/segment.ts";
import type {
  CallContext,
  ImageSource,
  Issue,
  MedicalImage,
  Segmentation,
  SegmentOptions,
  SliceOptions,
} from "../types.ts";
import type { Volume, VolumeSegmentation } from "../volume-types.ts";
import { anything, checkJob, type JobEntries, jobEntries, sliceEntries } from "./check-job.ts";
import { type Inputs, openInputs } from "./inputs.ts";
import { type JobOptions, openBank, openModel } from "./open.ts";
import type { DicomWebAccess } from "./retrieve-studies.ts";
import { progressOf, segmentVolumeInput } from "./segment-volume.ts";

export interface SegmentJob extends JobOptions, SliceOptions {
  /** Bank file. */
  readonly bank: string;
  /** What is to differ from the options of the bank's preset. */
  readonly options?: Partial<SegmentOptions>;
  /** Whether results hold every mask that was considered. @default false */
  readonly allMasks?: boolean;
  /** Which volume of a file with several, from 0. @default the first, with an issue */
  readonly volumeIndex?: number;
  /** Of the servers whose studies are among the inputs. */
  readonly dicomWeb?: DicomWebAccess;
}

/** For checkJob. */
export const segmentEntries = {
  ...{ ...jobEntries, ...sliceEntries, bank: v.string(), options: anything },
  ...{ allMasks: anything, volumeIndex: anything, dicomWeb: anything },
} satisfies JobEntries<SegmentJob>;

/** One image and what was found, or why it could not be processed. */
export type ImageOutcome =
  | { readonly image: MedicalImage; readonly result: Segmentation }
  | { readonly failure: Issue };

/** The same of an image or a volume. */
export type SegmentOutcome =
  | ImageOutcome
  | { readonly volume: Volume; readonly volumeResult: VolumeSegmentation };

/**
 * Segments the images and then the volumes that `inputs` name, one after another; one that cannot be read is an
 * outcome too.
 * @throws MiasError for what concerns all images: bank, model, options; the signal's reason when aborted
 */
export async function* segment(inputs: readonly string[], job: SegmentJob): AsyncGenerator<SegmentOutcome> {
  checkJob("segment", segmentEntries, segmentOptionsSchema.entries, job);
  const found = await openInputs(inputs, job);
  try {
    yield* segmentInputs(found, job);
  } finally {
    await found.release();
  }
}

async function* segmentInputs(
  { images, volumes, failures }: Inputs,
  job: SegmentJob,
): AsyncGenerator<SegmentOutcome> {
  const { segmenter, release } = await openSegmenter(job);
  try {
    for (const failure of failures) yield { failure };
    for (const [done, source] of images.entries()) {
      job.onProgress?.({ stage: "segmenting", done, total: images.length });
      job.signal?.throwIfAborted();
      yield await segmentSource(segmenter, source, job.allMasks ?? false);
    }
    if (images.length > 0)
      job.onProgress?.({ stage: "segmenting", done: images.length, total: images.length });
    for (const [place, input] of volumes.entries()) {
      const context = volumeContext(job, place, volumes.length);
      const outcome = await segmentVolumeInput(segmenter, input, job, context);
      if ("failure" in outcome) yield outcome;
      else yield { volume: outcome.open.volume, volumeResult: outcome.found };
    }
  } finally {
    await release();
  }
}

/** What a volume is segmented with: the job's signal, and its progress under the name of the volume's place. */
export function volumeContext(
  { signal, onProgress }: CallContext,
  place: number,
  total: number,
): CallContext {
  const own = progressOf(place, total, onProgress);
  return { ...(signal ? { signal } : {}), ...(own ? { onProgress: own } : {}) };
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
): Promise<ImageOutcome> {
  try {
    const image = await source.read();
    return { image, result: await segmenter.segment(image, { hierarchy }) };
  } catch (error) {
    if (!isMiasError(error)) throw error;
    return { failure: issue("image-failed", source.name, error.message) };
  }
}
