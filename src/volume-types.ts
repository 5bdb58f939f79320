// Volumes: stacks of slices with their place in the world, and what is found in them; types only. Those of
// single images are in types.ts, which does not know of these.
//
//   dicom, volume (readers) -> Volume -> volume (slices) -> pipeline/segment-volume -> VolumeSegmentation
//     -> volume (NIfTI), dicom (SEG, parametric map), report
//
// Voxels lie as in the file: x (columns) fastest, then y (rows), then z (slices). Patient coordinates are LPS in mm
// (x to the patient's left, y to the back, z to the head), as in DICOM; NIfTI's RAS is turned at the reader.

import type {
  Box,
  Geometry,
  Issue,
  Lesion,
  Mask,
  MedicalImage,
  ScalarMap,
  SliceAxis,
  StageSeconds,
  ValueWindow,
} from "./types.ts";

export type VoxelArray = Uint8Array | Int16Array | Uint16Array | Float32Array;

/** Columns, rows, slices. */
export type VolumeSize = readonly [number, number, number];

/** Voxels as read, in the modality's unit (rescaled: HU in CT); one channel. */
export interface Volume {
  /** What the user calls it: a path as given, with the series' number where a folder holds several. Never patient data. */
  readonly name: string;
  readonly size: VolumeSize;
  readonly data: VoxelArray;
  /** `spacing` in mm with `affine`, or unit `px` without one where the file does not tell. */
  readonly geometry: Geometry;
  /** DICOM's code, `CT`, `MR`, `US` ...; absent where the format does not tell. */
  readonly modality?: string;
  /** The file's own window, where it has a usable one. */
  readonly window?: ValueWindow;
  /** Whether low values are bright (MONOCHROME1). @default false */
  readonly inverted?: boolean;
  /** How many volumes the file holds, of which this is one. @default 1 */
  readonly volumes?: number;
  readonly issues: readonly Issue[];
}

/**
 * How slices are cut from a volume. A slice's columns run along voxel axis `columns`, backwards where `flipColumns`,
 * and so on; slices are counted along voxel axis `slices`. Axial slices have the patient's left on the right side and
 * the back at the bottom, sagittal ones the front on the left, coronal ones the patient's left on the right; the head
 * is at the top of both.
 */
export interface SlicePlan {
  readonly axis: SliceAxis;
  readonly columns: 0 | 1 | 2;
  readonly rows: 0 | 1 | 2;
  readonly slices: 0 | 1 | 2;
  readonly flipColumns: boolean;
  readonly flipRows: boolean;
  readonly flipSlices: boolean;
  /** Pixels of a slice, and how many slices there are. */
  readonly width: number;
  readonly height: number;
  readonly count: number;
  /** Voxels along a slice's columns and rows where they are not square, so that its pixels are interpolated. @default [width, height] */
  readonly voxels?: readonly [number, number];
  /** Of a slice's columns, rows, and between slices, in the volume's unit. */
  readonly spacing: readonly [number, number, number];
  readonly unit: "mm" | "px";
}

/** One slice as an image; `index` counts along the plan. */
export interface VolumeSlice {
  readonly index: number;
  readonly image: MedicalImage;
  /** Whether it shows next to nothing of the body: it is neither learned nor segmented. */
  readonly empty: boolean;
}

/** One lesion of a volume: connected through faces, edges and corners across slices. */
export interface VolumeLesion {
  /** Its value in the labelmap, from 1; the largest score first. */
  readonly label: number;
  readonly voxels: number;
  /** Absent where the spacing is not known in mm. */
  readonly volumeMl?: number;
  /** Largest distance between two of its voxels' centres, in mm (px where the spacing is unknown). */
  readonly largestDiameter: number;
  /** First and last slice of the plan. */
  readonly slices: readonly [number, number];
  /** In voxels of the file: x, y, z; both corners belong to it. */
  readonly box: readonly [readonly [number, number, number], readonly [number, number, number]];
  /** Voxel coordinates of its centre of mass. */
  readonly centre: readonly [number, number, number];
  /** The same in patient coordinates (LPS, mm), where the affine is known. */
  readonly centreLps?: readonly [number, number, number];
  /** Largest value of the map inside. */
  readonly score: number;
  /** How often a normal slice holds anything as deviant anywhere. */
  readonly pValue: number;
}

/** What is told of one slice of a volume. Coordinates are those of the slice. */
export interface SliceSummary {
  readonly index: number;
  readonly score: number;
  readonly pValue: number;
  readonly abnormal: boolean;
  /** Pixels of the final mask. */
  readonly area: number;
  readonly boxes: readonly Box[];
  readonly lesions: readonly Lesion[];
}

/** What is found in a volume. Arrays are in the order of the file's voxels. */
export interface VolumeSegmentation {
  readonly name: string;
  readonly plan: SlicePlan;
  readonly size: VolumeSize;
  /** 0, or the lesion's label. */
  readonly labels: Uint16Array;
  /** Of slice `index` of the plan, in standard deviations of normal variation; made when asked for, never all at once. */
  mapOf(index: number): ScalarMap;
  /** Of slice `index` of the plan: where the labels are not 0. */
  maskOf(index: number): Mask;
  /** What the mask is where no volume is left without one; absent unless asked for. */
  drawnOf?(index: number): Mask;
  readonly lesions: readonly VolumeLesion[];
  /** One for each slice that is not empty, in order. */
  readonly slices: readonly SliceSummary[];
  /** Whether a slice is abnormal and a lesion of it is borne out, whatever is drawn all the same. */
  readonly abnormal: boolean;
  /** Largest score and least p-value of a slice. */
  readonly score: number;
  readonly pValue: number;
  readonly issues: readonly Issue[];
  readonly seconds: StageSeconds;
}

/** The instance, and the frame in it, that holds one acquired slice. */
export interface SourceFrame {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** From 1; absent in single-frame instances. */
  readonly frame?: number;
  /** Of the first voxel's centre, LPS in mm. */
  readonly position: readonly [number, number, number];
}

/** Attributes by DICOM keyword (`StudyInstanceUID`), as dcmjs names and gives them. */
export type DicomAttributes = Readonly<Record<string, unknown>>;

/** What a DICOM series tells, so that what is made from it can refer to it. */
export interface SourceSeries {
  /** One for each slice along z of the volume, in its order. */
  readonly frames: readonly SourceFrame[];
  /** Patient, study, series, frame of reference and equipment attributes of the first instance; no pixels. */
  readonly attributes: DicomAttributes;
}
