// The map of the system: every record that passes between stages. Types only.
//
//   io -> preprocess -> model (encoder) -> patches -> bank -> map -> prompt -> model (decoder) -> mask -> report
//
// Two frames exist. The ORIGINAL frame is the image as read: pixel (0, 0) is the first pixel and its centre is
// (0, 0). The MODEL frame is the centred, zero-padded square resized to the model's input side (256 for
// LiteMedSAM). `geometry/frame.ts` is the only place that converts between them.

import type { ValueWindow } from "./option-types.ts";

export type * from "./bank-types.ts";
export type * from "./metric-types.ts";
export type * from "./option-types.ts";

/** Where an image lies in the world. A plain picture has unit spacing in pixels and no affine. */
export interface Geometry {
  /** Size of a voxel along x (columns), y (rows) and z (slices), in `unit`. */
  readonly spacing: readonly [number, number, number];
  readonly unit: "mm" | "px";
  /** 4 x 4, row-major, from voxel (column, row, slice, 1) to patient coordinates (LPS, mm). */
  readonly affine?: readonly number[];
  /** Index of this slice in its volume. */
  readonly slice?: number;
}

export type PixelArray = Uint8Array | Uint16Array | Float32Array;

/** An image as read: row-major, channels interleaved, alpha already composited over black. */
export interface MedicalImage {
  /** What the user calls it: the path as given, or a name in a volume. Never patient data. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: PixelArray;
  /** Values that are black and white, as those of the volume it is a slice of. @default its own least and greatest */
  readonly range?: ValueWindow;
  readonly geometry: Geometry;
  readonly issues: readonly Issue[];
}

/** One channel of real values, row-major. An anomaly map is one, in units of normal variation. */
export interface ScalarMap {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** A binary mask, row-major, 0 or 1. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Corners are pixel centres and both belong to the box. */
export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** How the original image lies in the model's square input; see geometry/frame.ts. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Side of the padded square, in original pixels. */
  readonly side: number;
  /** Columns (rows) of zeros before the first column (row) of the image. */
  readonly padLeft: number;
  readonly padTop: number;
  /** Side of the model frame, in model pixels. */
  readonly size: number;
}

/** A feature map of the encoder, [channels, height, width]. */
export interface FeatureMap {
  readonly name: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** What one encoder run gives. */
export interface Encoding {
  /** Input of the decoder. */
  readonly embedding: FeatureMap;
  /** Named feature maps, the embedding among them. */
  readonly taps: ReadonlyMap<string, FeatureMap>;
}

/** Patch embeddings of one image, [rows * columns, dims]. */
export interface PatchGrid {
  readonly rows: number;
  readonly columns: number;
  readonly dims: number;
  readonly data: Float32Array;
}

export type Prompt =
  | { readonly kind: "point"; readonly point: Point; readonly positive: boolean }
  | { readonly kind: "box"; readonly box: Box };

/** What is asked of the decoder in one go: prompts that are answered together by one set of masks. */
export interface PromptSet {
  readonly prompts: readonly Prompt[];
  /** Logits at the decoder's mask resolution, [size, size]. */
  readonly maskInput?: ScalarMap;
  /** The decoder's single mask, or its three alternatives from fine to coarse. */
  readonly output: "single" | "multi";
  /** How many prompts of the strategy it stands for, where several are alike. @default 1 */
  readonly weight?: number;
  /** Which lesion it asks for: 0 is that of the map's highest peak. @default 0 */
  readonly lesion?: number;
  /** What the strategy calls it, e.g. `level 0.45`. */
  readonly label: string;
}

/** One mask that the decoder drew, in the model frame. */
export interface Candidate {
  readonly promptSet: PromptSet;
  /** Which of the masks asked for it is; 0 is the single one, or the finest of three. */
  readonly maskIndex: number;
  /** [size, size]; the mask is where they are positive. */
  readonly logits: ScalarMap;
  readonly predictedIou: number;
}

/** One connected component of a final mask, in the original frame. */
export interface Lesion {
  /** Pixels. */
  readonly area: number;
  readonly box: Box;
  readonly centre: Point;
  /** Largest value of the map inside. */
  readonly score: number;
  /** How often a normal image holds anything as deviant anywhere (conformal, 1 / (n + 1) at best). */
  readonly pValue: number;
}

/** Time spent on one image, in seconds. */
export interface StageSeconds {
  readonly encode: number;
  readonly search: number;
  readonly decode: number;
  readonly total: number;
}

/** What `segment` says of one image. Coordinates are in the original frame. */
export interface Segmentation {
  readonly name: string;
  readonly frame: Frame;
  /** Original frame, in standard deviations of normal variation (see Calibration). */
  readonly map: ScalarMap;
  /** How abnormal the image is; for its meaning see ScoreName. */
  readonly score: number;
  /** Conformal: rank of `score` among those of the held-out normal images. */
  readonly pValue: number;
  readonly abnormal: boolean;
  readonly centreOfGravity: Point;
  /** The prompts of the chosen masks; none where the mask is empty. */
  readonly prompts: readonly Prompt[];
  /** Empty where the image is not abnormal; see SegmentOptions.empty. */
  readonly mask: Mask;
  /** What the mask is where none is left empty; absent unless asked for. */
  readonly drawn?: Mask;
  /** Every mask that was considered, in order of the strategy; absent unless asked for. */
  readonly hierarchy?: readonly HierarchyMask[];
  readonly lesions: readonly Lesion[];
  readonly issues: readonly Issue[];
  readonly seconds: StageSeconds;
}

export interface HierarchyMask {
  readonly label: string;
  readonly prompts: readonly Prompt[];
  readonly mask: Mask;
  /** What the chooser gave it; larger is better. */
  readonly quality: number;
  readonly predictedIou: number;
  /** Whether it is part of the final mask. */
  readonly chosen: boolean;
}

/** Odd but usable data: part of a result, never an exception. Codes are listed in issues.ts. */
export interface Issue {
  readonly code: string;
  readonly severity: "note" | "warning" | "error";
  /** The file or image it is about. */
  readonly subject: string;
  /** One sentence: rule, value, what to do. */
  readonly message: string;
}

/** Scripts and style sheets of the libraries that a report inlines. */
export interface ReportAssets {
  readonly uplotJs: string;
  readonly uplotCss: string;
  readonly sortableJs: string;
  readonly sortableCss: string;
}

/** Progress of a long call. `total` is absent while it is unknown. */
export interface Progress {
  readonly stage: string;
  readonly done: number;
  readonly total?: number;
}

export type OnProgress = (progress: Progress) => void;

/** An image that is read when its turn comes. */
export interface ImageSource {
  readonly name: string;
  /** Changes when the content does, e.g. size and time of a file; a checkpoint of other content is not used. */
  readonly stamp?: string;
  read(signal?: AbortSignal): Promise<MedicalImage>;
}

/** What every long call takes. */
export interface CallContext {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}
