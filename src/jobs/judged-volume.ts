// A volume of a data set with its truth: a volume of the same grid.

import { MiasError } from "../errors.ts";
import type { DatasetCase } from "../io/dataset-layout.ts";
import type { Geometry, ImageSource, Issue } from "../types.ts";
import { type MaskRule, maskPredicate } from "../util/mask-rule.ts";
import type { Volume } from "../volume-types.ts";
import { type InputOptions, openInputs } from "./inputs.ts";
import type { VolumeInput } from "./volume-input.ts";

/** What a file or folder of a data set holds. */
export type CaseInput =
  | { readonly image: ImageSource }
  | { readonly volume: VolumeInput; readonly issues: readonly Issue[] };

/** Most difference of two affines' entries, in mm: what 32-bit headers and decimal texts lose. */
const SAME_GRID = 1e-3;

/**
 * Opens what is no picture by its name: a volume, a DICOM series (a folder), or a single DICOM image.
 * @throws MiasError where it cannot be read, or is not one of these
 */
export async function openCase(path: string, options: InputOptions): Promise<CaseInput> {
  const { images, volumes, issues, failures } = await openInputs([path], options);
  if (failures.length > 0) throw new MiasError("image-unreadable", path, failures[0].message);
  if (volumes.length === 1) return { volume: volumes[0], issues };
  if (volumes.length === 0 && images.length === 1) return { image: images[0] };
  const got = `${volumes.length} volumes and ${images.length} images`;
  throw new MiasError("image-unsupported", path, `${path} must hold one volume, got ${got}; split it`);
}

/**
 * The truth of a volume, a byte for each voxel in the volume's order: 1 where the mask's value meets `rule`.
 * @throws MiasError `mask-mismatch` where the mask is no volume or of another grid; what reading it throws
 */
export async function readVolumeTruth(
  mask: string,
  rule: MaskRule,
  volume: Volume,
  options: InputOptions,
): Promise<Uint8Array> {
  const found = await openCase(mask, options);
  if ("image" in found) {
    throw mismatch(mask, `must be a volume as ${volume.name} is, got a single image; give it as one`);
  }
  const { volume: truth } = await found.volume.read(options.signal);
  requireSameGrid(mask, truth, volume);
  const isLesion = maskPredicate(rule);
  return Uint8Array.from(truth.data, (value) => (isLesion(value) ? 1 : 0));
}

function requireSameGrid(mask: string, truth: Volume, { size, geometry }: Volume): void {
  if (truth.size.some((side, axis) => side !== size[axis])) {
    const sizes = `${size.join(" x ")}, got ${truth.size.join(" x ")}`;
    throw mismatch(mask, `must have the size of its volume, ${sizes}; draw it again on the volume`);
  }
  const known = [geometry, truth.geometry].map(({ affine }) => affine !== undefined);
  if (known[0] !== known[1]) {
    const which = known[0] ? "its volume has one" : "its volume has none";
    throw mismatch(mask, `must have a place in space as its volume, but only ${which}; write both alike`);
  }
  const difference = affineDifference(geometry, truth.geometry);
  if (difference > SAME_GRID) {
    const rule = `must have the affine of its volume within ${SAME_GRID} mm`;
    const got = `got one that differs by ${Number(difference.toPrecision(3))}`;
    throw mismatch(mask, `${rule}, ${got}; resample it on the volume`);
  }
}

/** Largest difference of two entries; 0 where neither is known. */
function affineDifference({ affine: a }: Geometry, { affine: b }: Geometry): number {
  return (a ?? []).reduce((most, value, i) => Math.max(most, Math.abs(value - (b?.[i] ?? value))), 0);
}

function mismatch(mask: string, rule: string): MiasError {
  return new MiasError("mask-mismatch", mask, `mask ${mask} ${rule}`);
}

export interface JudgedInput extends VolumeInput {
  /** Undefined where the truth is not known; once the volume has been read. */
  truth(): Uint8Array | undefined;
}

/** A volume that is read together with its truth, so that a mask that does not fit is told before it is segmented. */
export function judgedInput(
  input: VolumeInput,
  { image, anomalous, mask }: DatasetCase,
  rule: MaskRule,
  options: InputOptions,
): JudgedInput {
  let truth: Uint8Array | undefined;
  return {
    ...input,
    name: image,
    read: async (signal) => {
      const open = await input.read(signal);
      if (mask !== undefined) truth = await readVolumeTruth(mask, rule, open.volume, options);
      else if (!anomalous) truth = new Uint8Array(open.volume.data.length);
      return { ...open, volume: { ...open.volume, name: image } };
    },
    truth: () => truth,
  };
}
