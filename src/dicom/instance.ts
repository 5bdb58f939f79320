// What is known of a DICOM image before its pixels are decoded; types only.

import type { Issue, ValueWindow } from "../types.ts";
import type { DicomAttributes } from "../volume-types.ts";
import type { CodecName } from "./transfer-syntax.ts";

export type Vector = readonly [number, number, number];
/** Direction cosines (LPS) along a row (to the next column), and along a column (to the next row). */
export type Orientation = readonly [Vector, Vector];

export type Photometric =
  | "MONOCHROME1"
  | "MONOCHROME2"
  | "RGB"
  | "YBR_FULL"
  | "YBR_FULL_422"
  | "YBR_ICT"
  | "YBR_RCT"
  | "PALETTE COLOR";

/** How samples are stored (DICOM PS3.3 C.7.6.3). */
export interface PixelLayout {
  readonly rows: number;
  readonly columns: number;
  readonly samples: 1 | 3;
  readonly photometric: Photometric;
  readonly bitsAllocated: 1 | 8 | 16 | 32;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** Plane after plane instead of sample by sample; of native pixels. */
  readonly planar: boolean;
}

/** Stored value to the modality's unit: slope * stored + intercept. */
export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
}

/** A table of values for stored ones from `first` on; those outside take its first and last value. */
export interface LookupTable {
  readonly first: number;
  readonly values: Uint8Array | Uint16Array;
}

/** What tells slices of one position apart, in the order in which a series is split by them. */
export interface SliceKeys {
  readonly stack?: string;
  readonly echo?: number;
  readonly temporalPosition?: number;
  readonly bValue?: number;
  readonly acquisition?: number;
  readonly imageType?: string;
}

/** One frame: a slice, or a picture. Lengths are in mm. */
export interface FrameHeader {
  /** From 0. */
  readonly index: number;
  /** Of the centre of the first pixel, LPS. */
  readonly position?: Vector;
  readonly orientation?: Orientation;
  /** Between rows, between columns, as in DICOM. */
  readonly pixelSpacing?: readonly [number, number];
  readonly rescale: Rescale;
  readonly window?: ValueWindow;
  readonly keys: SliceKeys;
}

/** The header of an image; small, so that those of a whole folder can be kept. */
export interface InstanceHeader {
  /** What the user calls the file. */
  readonly name: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly frameOfReferenceUid?: string;
  readonly seriesNumber?: number;
  readonly instanceNumber?: number;
  readonly modality?: string;
  /** Thickness of a single slice. */
  readonly sliceThickness?: number;
  /** Name of its transfer syntax. */
  readonly transferSyntax: string;
  readonly layout: PixelLayout;
  /** Bytes of the pixel data as they are, compressed or not. */
  readonly pixelBytes: number;
  /** Of these bytes; see fingerprint. */
  readonly pixelFingerprint: number;
  readonly frames: readonly FrameHeader[];
  readonly issues: readonly Issue[];
}

/** The encoded frames of an instance, and what decoding needs. */
export interface PixelSource {
  readonly codec: CodecName;
  readonly littleEndian: boolean;
  /** Of each frame its fragments, in order; one where pixels are native. Bit-packed frames share the whole. */
  readonly frames: readonly (readonly Uint8Array[])[];
  readonly modalityTable?: LookupTable;
  /** Red, green, blue. */
  readonly palette?: readonly [LookupTable, LookupTable, LookupTable];
  /** Stored values from the first to the second are no measurement. */
  readonly padding?: readonly [number, number];
}

export interface DicomInstance {
  readonly header: InstanceHeader;
  /** By keyword, as dcmjs names and gives them; private elements and pixels are left out. */
  readonly attributes: DicomAttributes;
  /** Views of the file's bytes. */
  readonly pixels: PixelSource;
}
