// A made head as a volume: axial slices around the lateral ventricles, from the neck side up. Each slice is the head of
// head.ts with parameters that change smoothly along z: the outline and the ventricles grow and shrink as ellipsoids do,
// and the noise fields, which place sulci and fibres, drift. Lesions are solid; see volume-lesions.ts.

import { MiasError } from "../errors.ts";
import type { NoiseField } from "../util/gradient-noise.ts";
import { createRandom, spawn } from "../util/prng.ts";
import type { Volume } from "../volume-types.ts";
import { acquire, quantise } from "./acquisition.ts";
import { type Anatomy, renderAnatomy } from "./anatomy.ts";
import type { LesionKind } from "./lesion-shape.ts";
import { type LesionContrast, lesionStrength } from "./lesion-strength.ts";
import { drawSubject, type Subject } from "./subject.ts";
import { addSolidLesions, type SolidLesion } from "./volume-lesions.ts";

export interface HeadVolumeOptions {
  /** Which person: the same seed is the same head and noise, whatever the lesions. */
  readonly seed: number;
  /** Side of a slice in voxels, 64 to 512; it covers 224 mm. @default 224: voxels of 1 mm */
  readonly size?: number;
  /** Slices, 1 to 64. @default 20 */
  readonly slices?: number;
  /** Between slices, in mm; all of them together span at most 96 mm. @default 3 */
  readonly spacing?: number;
  /** Kinds of the lesions, 0 to 5; their sizes are drawn. @default [] */
  readonly lesions?: readonly LesionKind[];
  /** How far lesions stand out. @default "clear" */
  readonly contrast?: LesionContrast;
  /** @default "phantom-volume-<seed>" */
  readonly name?: string;
}

export interface HeadVolume {
  /** 0 .. 4095 as an MR of no certain unit; LPS affine, its middle at the origin. */
  readonly volume: Volume;
  /** As the volume's voxels: the number of the lesion that changed it, from 1 in the order made; else 0. */
  readonly truth: Uint8Array;
  /** In the order asked for; one for which the brain has no room is absent. */
  readonly lesions: readonly SolidLesion[];
}

const FIELD_OF_VIEW = 224;
const MOST_SPAN = 96;
const MOST_LESIONS = 5;
/** Half axes in mm along z of the head, and of the ventricles. */
const HEAD_HALF = 85;
const VENTRICLES_HALF = 45;
/** Millimetres along z in which sulci and fibres are replaced by others, and in which the outline's bumps are. */
const DRIFT = 14;
const OUTLINE_DRIFT = 40;
/** How much higher or lower than another person's a person's middle slice lies, in mm. */
const LEVELS = 4;

/**
 * A made head, with or without lesions. The same options give the same bytes on every engine.
 * MiasError "usage" where an option is out of range.
 */
export function headVolume(options: HeadVolumeOptions): HeadVolume {
  const { seed, size = FIELD_OF_VIEW, slices = 20, spacing = 3, lesions = [], contrast = "clear" } = options;
  checkRange("size", size, 64, 512);
  checkRange("slices", slices, 1, 64);
  checkRange("lesions", lesions.length, 0, MOST_LESIONS);
  if (!(spacing > 0 && (slices - 1) * spacing <= MOST_SPAN)) {
    const rule = `spacing must be positive and span ${MOST_SPAN} mm at most`;
    throw new MiasError("usage", "spacing", `${rule}, got ${spacing} for ${slices} slices; choose less`);
  }
  const root = createRandom(seed);
  const [person, illness, scanner] = [spawn(root), spawn(root), spawn(root)];
  const subject = drawSubject(person);
  const level = LEVELS * (2 * person.uniform() - 1);
  const heights = Array.from({ length: slices }, (_, z) => level + (z - (slices - 1) / 2) * spacing);
  const anatomies = heights.map((height) => renderAnatomy(subjectAt(subject, height), size));
  const truth = new Uint8Array(size * size * slices);
  const inPlane = FIELD_OF_VIEW / size;
  const scene = { anatomies, truth, size, spacing: [inPlane, inPlane, spacing] } as const;
  const made = addSolidLesions(scene, lesions, lesionStrength(contrast, subject), illness);
  const volume: Volume = {
    name: options.name ?? `phantom-volume-${seed}`,
    size: [size, size, slices],
    data: scanned(anatomies, size, subject, scanner),
    geometry: {
      spacing: scene.spacing,
      unit: "mm",
      affine: centredAffine(scene.spacing, [size, size, slices]),
    },
    issues: [],
  };
  return { volume, truth, lesions: made };
}

function checkRange(what: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const rule = `${what} must be a whole number from ${least} to ${most}`;
  throw new MiasError("usage", what, `${rule}, got ${value}; choose another`);
}

/** The subject as it is cut at a height in mm above the ventricles' middle. */
function subjectAt(subject: Subject, height: number): Subject {
  const { pose, shape, fields } = subject;
  const outline = Math.sqrt(1 - (height / HEAD_HALF) ** 2);
  const fluid = Math.max(0, 1 - (height / VENTRICLES_HALF) ** 2);
  const [left, right] = shape.ventricles;
  return {
    ...subject,
    pose: { ...pose, halfWidth: pose.halfWidth * outline, halfHeight: pose.halfHeight * outline },
    shape: { ...shape, ventricles: [left * fluid, right * fluid] },
    fields: {
      outline: drifted(fields.outline, height / OUTLINE_DRIFT),
      warpX: drifted(fields.warpX, height / DRIFT),
      warpY: drifted(fields.warpY, height / DRIFT),
      folds: drifted(fields.folds, height / DRIFT),
      tissue: drifted(fields.tissue, height / DRIFT),
    },
  };
}

function drifted(field: NoiseField, by: number): NoiseField {
  return (x, y) => field(x + 0.6 * by, y + 0.8 * by);
}

function scanned(
  anatomies: readonly Anatomy[],
  size: number,
  { scan }: Subject,
  scanner: ReturnType<typeof createRandom>,
): Uint16Array {
  const data = new Uint16Array(size * size * anatomies.length);
  for (const [z, { brightness }] of anatomies.entries()) {
    data.set(quantise(acquire(brightness, size, scan, scanner), 16), z * size * size);
  }
  return data;
}

/** Columns to the patient's left, rows to the back, slices to the head; 4 x 4, row-major. */
function centredAffine(
  [dx, dy, dz]: readonly [number, number, number],
  [columns, rows, slices]: readonly [number, number, number],
): number[] {
  const origin = (spacing: number, length: number) => (-spacing * (length - 1)) / 2;
  return [
    ...[dx, 0, 0, origin(dx, columns)],
    ...[0, dy, 0, origin(dy, rows)],
    ...[0, 0, dz, origin(dz, slices)],
    ...[0, 0, 0, 1],
  ];
}
