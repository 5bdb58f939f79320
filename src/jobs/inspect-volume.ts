import { dirname, join } from "node:path";
import { isMiasError } from "../errors.ts";
import { diskFile } from "../io/input-file.ts";
import { issue } from "../issues.ts";
import type { Issue, ValueWindow } from "../types.ts";
import { valueRange } from "../util/value-range.ts";
import { axisLetters } from "../volume/axis-letters.ts";
import { readVolume, type VolumeFormat, volumeFormatOf } from "../volume/read-volume.ts";
import { planIssues } from "../volume/slice-plan.ts";
import { defaultWindow, windowOf } from "../volume/window.ts";
import type { Volume, VoxelArray } from "../volume-types.ts";

/** What a NIfTI, NRRD or MetaImage file says; of several volumes in it, the first. */
export interface VolumeInspection extends Pick<Volume, "size" | "geometry" | "issues"> {
  readonly format: VolumeFormat;
  /** How many volumes the file holds. */
  readonly volumes: number;
  /** DICOM's code; null where the format does not tell. */
  readonly modality: string | null;
  /** Where columns, rows and slices run to, such as `LPS`; null where it is not known. */
  readonly axes: string | null;
  readonly values: "uint8" | "int16" | "uint16" | "float32";
  readonly least: number;
  readonly largest: number;
  /** Values that are black and white unless asked otherwise, and where they are from; null where nothing is shown. */
  readonly window: (ValueWindow & { readonly from: "file" | "percentiles" }) | null;
}

/**
 * Reads a volume and says what it is.
 * @throws MiasError as readVolume
 */
export async function inspectVolumeFile(path: string): Promise<VolumeInspection> {
  const bytes = await (await diskFile(path)).read();
  const sibling = async (name: string) => (await diskFile(join(dirname(path), name))).read();
  const volume = await readVolume(path, bytes, { sibling });
  const { size, geometry, volumes = 1, modality = null, data } = volume;
  const { min, max } = valueRange(data);
  const { window, issues } = windowIn(volume);
  return {
    format: (await volumeFormatOf(bytes)) ?? "nifti",
    ...{ size, geometry, volumes, modality, window },
    ...{ axes: axisLetters(geometry) ?? null, values: typeOf(data), least: min, largest: max },
    issues: [...volume.issues, ...planIssues(volume, "axial"), ...issues],
  };
}

/** The default window; a volume that shows nothing has an issue instead. */
function windowIn(volume: Volume): Pick<VolumeInspection, "window"> & { readonly issues: readonly Issue[] } {
  try {
    return { window: { ...windowOf(volume), from: defaultWindow(volume) }, issues: [] };
  } catch (error) {
    if (!isMiasError(error, "image-unsupported")) throw error;
    return { window: null, issues: [issue("volume-empty", volume.name, error.message)] };
  }
}

function typeOf(data: VoxelArray): VolumeInspection["values"] {
  if (data instanceof Uint8Array) return "uint8";
  if (data instanceof Int16Array) return "int16";
  return data instanceof Uint16Array ? "uint16" : "float32";
}
