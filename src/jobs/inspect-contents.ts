// What a folder, a zip archive, a DICOMDIR or a DICOM file holds. Of DICOM files headers are read, no pixels; what is told
// of a series is about images, never about a patient.

import type { InstanceHeader } from "../dicom/instance.ts";
import type { SeriesPlan } from "../dicom/series-plan.ts";
import type { Geometry, Issue, ValueWindow } from "../types.ts";
import { axisLetters } from "../volume/axis-letters.ts";
import { defaultWindow } from "../volume/window.ts";
import { planFiles } from "./dicom-inputs.ts";
import { gatherInputs } from "./inputs.ts";

export interface Contents {
  /** Numbers of pictures, and of volumes: NIfTI, NRRD and MetaImage files. */
  readonly images: number;
  readonly volumes: number;
  /** By folder, then by number; one of which a part is read otherwise is there several times. */
  readonly series: readonly SeriesInspection[];
  readonly issues: readonly Issue[];
  /** What cannot be read. */
  readonly failures: readonly Issue[];
}

/** A DICOM series, or the part of one that is read together. */
export interface SeriesInspection {
  /** What results call it. */
  readonly name: string;
  /** These are null where the files do not tell. */
  readonly number: number | null;
  readonly modality: string | null;
  /** What it is read as: one volume, or an image each. */
  readonly as: "volume" | "images";
  readonly files: number;
  readonly frames: number;
  /** Columns, rows, and slices of a volume; of images those of the first. */
  readonly size: readonly number[];
  readonly spacing: readonly number[] | null;
  readonly unit: Geometry["unit"];
  /** Of a volume, see VolumeInspection. */
  readonly axes: string | null;
  readonly transferSyntaxes: readonly string[];
  /** The file's own window. */
  readonly window: ValueWindow | null;
  /** Where the values come from that are black and white unless asked otherwise: `values` are the least and greatest. */
  readonly windowFrom: "file" | "percentiles" | "values";
  readonly issues: readonly Issue[];
}

/**
 * Lists what is in `path`.
 * @throws MiasError `no-images` where there is nothing that can be read here
 */
export async function inspectContents(path: string): Promise<Contents> {
  const found = await gatherInputs([path]);
  const { plans, issues, failures } = await planFiles([...found.dicom.values()], {});
  return {
    images: found.images.length,
    volumes: found.volumes.length,
    series: plans.map(inspectSeries),
    issues: [...found.issues, ...issues],
    failures: [...found.failures, ...failures],
  };
}

function inspectSeries(plan: SeriesPlan): SeriesInspection {
  const [{ instance, frame }] = plan.frames;
  const instances = [...new Set(plan.frames.map((one) => one.instance))];
  const { seriesNumber: number = null, modality = null } = instance;
  return {
    ...{ name: plan.name, number, modality, files: instances.length, frames: plan.frames.length },
    transferSyntaxes: syntaxesOf(instances),
    ...(plan.kind === "volume" ? volumeFacts(plan) : imageFacts(instance, frame)),
    issues: plan.issues,
  };
}

function syntaxesOf(instances: readonly InstanceHeader[]): string[] {
  return [...new Set(instances.map(({ transferSyntax }) => transferSyntax))].sort();
}

type Facts = Pick<SeriesInspection, "as" | "size" | "spacing" | "unit" | "axes" | "window" | "windowFrom">;

function volumeFacts(plan: Extract<SeriesPlan, { kind: "volume" }>): Facts {
  const { size, geometry, window = null } = plan;
  return {
    ...{ as: "volume", size, spacing: geometry.spacing, unit: geometry.unit, window },
    ...{ axes: axisLetters(geometry) ?? null, windowFrom: defaultWindow(plan) },
  };
}

function imageFacts({ layout }: InstanceHeader, frame: InstanceHeader["frames"][number]): Facts {
  const { pixelSpacing, window = null } = frame;
  return {
    ...{ as: "images", size: [layout.columns, layout.rows], axes: null, window },
    ...{
      spacing: pixelSpacing ? [pixelSpacing[1], pixelSpacing[0]] : null,
      unit: pixelSpacing ? "mm" : "px",
    },
    windowFrom: window ? "file" : "values",
  };
}
