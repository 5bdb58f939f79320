// What a folder's DICOM images are to be read as; types only.

import type { Geometry, Issue, ValueWindow } from "../types.ts";
import type { VolumeSize } from "../volume-types.ts";
import type { FrameHeader, InstanceHeader } from "./instance.ts";

/** One frame of one instance. */
export interface SeriesFrame {
  readonly instance: InstanceHeader;
  readonly frame: FrameHeader;
}

/** Parallel slices of one size with their places in the patient, in order along z of the volume. */
export interface VolumePlan {
  readonly kind: "volume";
  /** The folder or file, with the series' number where it holds several. Never patient data. */
  readonly name: string;
  readonly frames: readonly SeriesFrame[];
  readonly size: VolumeSize;
  readonly geometry: Geometry;
  readonly modality?: string;
  readonly window?: ValueWindow;
  readonly inverted: boolean;
  readonly issues: readonly Issue[];
}

/** Frames that are 2-D images each: colour, secondary captures, cine, single slices. */
export interface PicturesPlan {
  readonly kind: "pictures";
  readonly name: string;
  readonly frames: readonly SeriesFrame[];
  readonly issues: readonly Issue[];
}

export type SeriesPlan = VolumePlan | PicturesPlan;
