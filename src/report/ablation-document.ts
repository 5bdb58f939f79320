// What `mias ablate` found: ablation.json, and what `mias ablate --json` prints. Types only.

import type { FitOptions, Issue, SegmentOptions } from "../types.ts";
import type { ProgramVersion } from "./results.ts";

/** Figures of one row on one set of images, in [0, 1] unless said; null where the data do not define one. */
export interface AblationMeasures {
  readonly images: { readonly good: number; readonly anomalous: number };
  readonly pixelAuroc: number | null;
  readonly imageAuroc: number | null;
  readonly aupro: number | null;
  /** Mean over the anomalous images of the DICE of their final masks; null without masks. */
  readonly dice: number | null;
  /** The same of each image's best candidate, chosen with the truth known. */
  readonly bestCandidate: number | null;
  /** DICE of the map cut at the one threshold that is best for all images, chosen with the truth known. */
  readonly bestThreshold: number | null;
  /** Without the encoder, with every candidate brought to the image's size. */
  readonly secondsPerImage: number;
}

export type MeasureName = Exclude<keyof AblationMeasures, "images">;

/** Measures, and what they are of: options, data and version. */
export interface AblationResult {
  readonly fingerprint: string;
  readonly measures: AblationMeasures;
  /** The first issue of each code that the images brought. */
  readonly issues: readonly Issue[];
}

/** The sets of images; settings are chosen by `validation`, `test` is reported. */
export type AblationSet = "validation" | "test";

export interface AblationRow {
  readonly name: string;
  /** What it changes of the default, in words. */
  readonly changes: string;
  readonly options: { readonly fit: FitOptions; readonly segment: SegmentOptions } | null;
  readonly validation: AblationResult | null;
  readonly test: AblationResult | null;
}

export interface AblationDocument {
  readonly program: ProgramVersion;
  readonly disclaimer: string;
  /** Whether the run was stopped, or is not at its end yet; then `pending` names what is missing. */
  readonly interrupted: boolean;
  /** The settings that were asked for and lack a result, in the order of the grid. */
  readonly pending: readonly string[];
  readonly dataset: { readonly name: string; readonly layout: string };
  readonly model: string;
  /** Of the split, the made anomalies, the sampling and the hold-out. */
  readonly seed: number;
  readonly images: {
    /** Normal images of train/good that are learned; fits hold some of them out for calibration. */
    readonly learned: number;
    /** Those kept away from every fit: shown unaltered, and altered. */
    readonly validationGood: number;
    readonly synthetic: number;
    /** Null where the test images were not asked for. */
    readonly test: number | null;
  };
  readonly encoder: {
    /** Runs of this call. */
    readonly runs: number;
    readonly secondsPerRun: number | null;
    /** Most disk that the encodings were to take meanwhile; 0 where none were kept. */
    readonly scratchBytes: number;
  };
  /** In the order of the grid; only those with a result. */
  readonly rows: readonly AblationRow[];
  readonly issues: readonly Issue[];
  readonly versions: Readonly<Record<string, string>>;
}
