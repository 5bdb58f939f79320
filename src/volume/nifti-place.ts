// Where a NIfTI volume lies: its sform, else its qform, else no more than its spacing (pixdim), whose axes have no
// names. NIfTI's space is RAS; ours is LPS.

import { issue } from "../issues.ts";
import type { Geometry, Issue } from "../types.ts";
import type { VolumeSize } from "../volume-types.ts";
import { affineOf, flipXY, isSpacing, isUsable, spacingOf, type Vector3 } from "./affine.ts";
import type { NiftiHeader } from "./nifti-header.ts";
import { orientationUnknown } from "./orientation-unknown.ts";
import { unplacedVolume } from "./volume-errors.ts";

/** What of the header is used. */
export type NiftiForm = "sform" | "qform" | "pixdim";

export interface NiftiPlace {
  readonly form: NiftiForm;
  readonly geometry: Geometry;
  readonly issues: readonly Issue[];
}

/** How far above 1 the rounding of 32-bit floats may bring a quaternion's square. */
const ROUNDING = 1e-6;
/** mm of a metre, a millimetre and a micrometre; what is not told is mm. */
const MM: readonly number[] = [1, 1000, 1, 0.001];

/**
 * The place of a volume of `size`, in mm.
 * @throws MiasError `image-unreadable` where neither form nor spacing can be used
 */
export function niftiPlace(name: string, header: NiftiHeader, size: VolumeSize): NiftiPlace {
  const told = [header.sformCode > 0, header.qformCode > 0];
  const sform = told[0] ? usable([...header.rows, 0, 0, 0, 1]) : undefined;
  const qform = told[1] && sform === undefined ? usable(qformAffine(header, size)) : undefined;
  const affine = sform ?? qform;
  const issues: Issue[] = [];
  if (sform === undefined && (told[0] || (told[1] && qform === undefined))) {
    const rule = "the header's affine must be finite and not singular";
    issues.push(
      issue("affine-unusable", name, `${rule}; ${qform ? "its qform" : "its spacing"} is used instead`),
    );
  }
  if (affine === undefined) return { form: "pixdim", ...spacingOnly(name, header, size, issues) };
  const lps = inMm(flipXY(affine), header.spatialUnit);
  const geometry = { spacing: spacingOf(lps), unit: "mm", affine: lps } as const;
  return { form: sform ? "sform" : "qform", geometry, issues };
}

function spacingOnly(name: string, header: NiftiHeader, size: VolumeSize, issues: readonly Issue[]) {
  const stored = spacingsOf(header);
  if (!isSpacing(stored, size)) {
    throw unplacedVolume(name, `must have a spacing above 0, got ${stored.map(String).join(" x ")}`);
  }
  const scale = MM[header.spatialUnit] ?? 1;
  const [x, y, z] = stored.map((value) => (value > 0 && Number.isFinite(value) ? value * scale : 1));
  const geometry: Geometry = { spacing: [x, y, z], unit: "mm" };
  return { geometry, issues: [...issues, orientationUnknown(name)] };
}

function spacingsOf({ pixDims }: NiftiHeader): Vector3 {
  return [pixDims[1], pixDims[2], pixDims[3]];
}

function usable(affine: readonly number[] | undefined): readonly number[] | undefined {
  return affine && isUsable(affine) ? affine : undefined;
}

function inMm(affine: readonly number[], unit: number): number[] {
  const scale = MM[unit] ?? 1;
  return affine.map((value, i) => (i < 12 ? value * scale : value));
}

/** nifti1.h, METHOD 2; undefined where quaternion or spacing cannot be. */
function qformAffine(header: NiftiHeader, size: VolumeSize): number[] | undefined {
  const spacing = spacingsOf(header);
  const rotation = rotationOf(header.quaternion);
  if (rotation === undefined || !isSpacing(spacing, size)) return undefined;
  const qfac = header.pixDims[0] < 0 ? -1 : 1;
  const steps = rotation.map((direction, axis): Vector3 => {
    const step = (spacing[axis] > 0 ? spacing[axis] : 1) * (axis === 2 ? qfac : 1);
    return [direction[0] * step, direction[1] * step, direction[2] * step];
  });
  const [x, y, z] = header.qOffset;
  return affineOf(steps, [x, y, z]);
}

/** The columns of the rotation of the unit quaternion (a, b, c, d), of which b, c, d are stored. */
function rotationOf([b, c, d]: readonly number[]): Vector3[] | undefined {
  const square = 1 - (b * b + c * c + d * d);
  if (!(square >= -ROUNDING)) return undefined;
  const a = Math.sqrt(Math.max(0, square));
  const s = 2 / (a * a + b * b + c * c + d * d);
  return [
    [1 - s * (c * c + d * d), s * (b * c + a * d), s * (b * d - a * c)],
    [s * (b * c - a * d), 1 - s * (b * b + d * d), s * (c * d + a * b)],
    [s * (b * d + a * c), s * (c * d - a * b), 1 - s * (b * b + c * c)],
  ];
}
