// A segmentation into a folder, as the jobs share it: what is asked for, and what is under way; types only.

import type { Segmenter } from "../pipeline/segment.ts";
import type { ImageResult } from "../report/results.ts";
import type { VolumeResult } from "../report/volume-results.ts";
import type { Issue } from "../types.ts";
import type { Inputs } from "./inputs.ts";
import type { OutputType } from "./output-types.ts";
import type { SegmentJob } from "./segment.ts";
import type { Stopwatch } from "./stopwatch.ts";
import type { StoreOptions } from "./store-options.ts";
import type { MapFormat } from "./write-result.ts";

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

/** A segmentation into a folder that is under way. */
export interface FolderRun {
  readonly job: SegmentFolderJob;
  readonly inputs: Inputs;
  /** Of the results: one for each image, then one for each volume. */
  readonly names: readonly string[];
  readonly segmenter: Segmenter;
  readonly stopwatch: Stopwatch;
  readonly results: ImageResult[];
  readonly volumes: VolumeResult[];
  readonly failures: Issue[];
  /** Names of the pictures that are written, below the output. */
  readonly written: Set<string>;
}
