// The memory bank and what it holds; types only.

import type { FitOptions, Slicing } from "./option-types.ts";

/** What held-out normal images tell. */
export interface Calibration {
  /** Image scores of the held-out normal images, ascending. */
  readonly imageScores: readonly number[];
  /** Largest map value of each held-out normal image, in standard deviations, ascending. */
  readonly mapMaxima: readonly number[];
  /** Mean patch distance of each layer on held-out images; distances are divided by it before layers are added. */
  readonly layerScales: readonly number[];
  /** Mean distance to the mirrored place on held-out images; null where halves are not compared. */
  readonly mirrorScale: number | null;
  /** Standard deviation of the distances so added over the patches of the held-out images. */
  readonly patchStd: number;
  /** Mean and standard deviation of the map over the pixels of the held-out images. */
  readonly mapMean: number;
  readonly mapStd: number;
}

/** The learned patch embeddings of one feature map; layers are searched separately and row i is one patch in all. */
export interface BankLayer {
  readonly tap: string;
  readonly dims: number;
  /** [rows, dims] as IEEE 754 half-precision bit patterns. */
  readonly data: Uint16Array;
}

/** The space in which the layers are searched together; see bank/projection.ts. */
export interface Projection {
  /** Mean and factor of each value of a joined row: the layers one after another. */
  readonly mean: Float32Array;
  readonly scale: Float32Array;
  /** [values of a joined row, dims], orthonormal columns. */
  readonly axes: Float32Array;
  readonly dims: number;
}

/** The memory bank: patch embeddings of normal images, by image, then patch. */
export interface Bank {
  readonly layers: readonly BankLayer[];
  /** Where the layers are searched as one; else each is searched by itself. */
  readonly projection?: Projection;
  readonly rows: number;
  /** Sampling priority, source image, patch number and fold of each row. */
  readonly priority: Uint32Array;
  readonly image: Uint32Array;
  readonly patch: Uint32Array;
  readonly fold: Uint32Array;
  readonly heldOut: HeldOutDistances;
  readonly calibration: Calibration;
  readonly options: FitOptions;
  readonly provenance: Provenance;
  /** Of the volumes among what was learned; absent where there were none. */
  readonly slicing?: Slicing;
}

/**
 * What was measured on normal images, each held out in its turn: distances of its patches to the nearest rows of the
 * other folds, [images, searches, rows, columns] of patches.
 */
export interface HeldOutDistances {
  readonly images: number;
  /** Of each image; a group of images that belong together, such as the slices of a patient, is in one fold. */
  readonly fold: Uint32Array;
  /** Mean patch embedding of each image in the space that is searched, [images, values]. */
  readonly signature: Float32Array;
  /** 1 where the layers are searched together, else their number. */
  readonly layers: number;
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
  /** What the patches show, [images, rows, columns]; see geometry/regions.ts. */
  readonly regions: Uint8Array;
  /** Distances of the patches to their mirrored places, [images, rows, columns]; absent where nobody asked. */
  readonly mirror?: Float32Array;
}

export interface Provenance {
  readonly program: string;
  readonly modelId: string;
  /** Of what embeddings depend on: the encoder's file, how its input is made, and its feature maps. */
  readonly modelSha256: string;
  /** Images offered, those that could be read, of these held out in turn, and patches offered to the coreset. */
  readonly offered: number;
  readonly images: number;
  readonly heldOut: number;
  readonly patches: number;
}
