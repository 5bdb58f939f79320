// The fields of a NIfTI header that tell where a volume lies, made from an affine or kept from another header.

import type { Geometry } from "../types.ts";
import type { VolumeSize } from "../volume-types.ts";
import { columnOf, determinant, flipXY, spacingOf, unitDirections, type Vector3 } from "./affine.ts";
import type { NiftiHeader } from "./nifti-header.ts";
import { niftiPlace } from "./nifti-place.ts";

export interface NiftiForms {
  readonly qformCode: number;
  readonly sformCode: number;
  /** qfac and spacing. */
  readonly pixDims: readonly [number, number, number, number];
  readonly quaternion: readonly number[];
  readonly qOffset: readonly number[];
  readonly rows: readonly number[];
  readonly spatialUnit: number;
}

/** NIFTI_XFORM_SCANNER_ANAT. */
const SCANNER = 1;
/** NIFTI_UNITS_MM. */
const MM = 2;
/** mm by which two places may differ and be the same. */
const SAME = 1e-4;
/** Cosine between two axes up to which a qform, which has no shear, can tell them. */
const ORTHOGONAL = 1e-4;
const NOWHERE = { quaternion: [0, 0, 0], qOffset: [0, 0, 0], rows: new Array<number>(12).fill(0) } as const;

/**
 * Those of `header`, bit by bit, but for a form that cannot be used; undefined where it tells another place than
 * `geometry`.
 */
export function formsLike(header: NiftiHeader, size: VolumeSize, geometry: Geometry): NiftiForms | undefined {
  const place = niftiPlace("like", header, size);
  const own = place.geometry.affine ?? place.geometry.spacing;
  const asked = geometry.affine ?? geometry.spacing;
  if (own.length !== asked.length || !own.every((value, i) => Math.abs(value - asked[i]) < SAME))
    return undefined;
  const [qfac, x, y, z] = header.pixDims;
  const shared = { pixDims: [qfac, x, y, z], spatialUnit: header.spatialUnit || MM } as const;
  const { quaternion, qOffset, rows, qformCode } = header;
  if (place.form === "pixdim") return { ...shared, ...NOWHERE, qformCode: 0, sformCode: 0 };
  if (place.form === "qform") return { ...shared, ...NOWHERE, quaternion, qOffset, qformCode, sformCode: 0 };
  return {
    ...shared,
    quaternion,
    qOffset,
    rows,
    qformCode: Math.max(0, qformCode),
    sformCode: header.sformCode,
  };
}

/** sform and, where the axes are at right angles, qform of an affine; of a mere spacing, neither. */
export function formsOf({ affine, spacing }: Geometry): NiftiForms {
  if (affine === undefined) {
    return { ...NOWHERE, pixDims: [1, ...spacing], qformCode: 0, sformCode: 0, spatialUnit: MM };
  }
  const ras = flipXY(affine);
  const directions = unitDirections(ras);
  const qfac = determinant(directions) < 0 ? -1 : 1;
  const [x, y, z] = directions;
  const turned: Vector3[] = [x, y, [z[0] * qfac, z[1] * qfac, z[2] * qfac]];
  const orthogonal =
    Math.max(
      ...[
        [x, y],
        [x, z],
        [y, z],
      ].map(([a, b]) => Math.abs(dot(a, b))),
    ) < ORTHOGONAL;
  return {
    qformCode: orthogonal ? SCANNER : 0,
    sformCode: SCANNER,
    pixDims: [qfac, ...spacingOf(ras)],
    quaternion: orthogonal ? quaternionOf(turned) : [0, 0, 0],
    qOffset: columnOf(ras, 3),
    rows: ras.slice(0, 12),
    spatialUnit: MM,
  };
}

function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** b, c, d of the rotation with these columns, a not below 0 (nifti_mat44_to_quatern of nifti1_io.c). */
function quaternionOf([[xx, yx, zx], [xy, yy, zy], [xz, yz, zz]]: readonly Vector3[]): number[] {
  const trace = 1 + xx + yy + zz;
  if (trace > 0.5) {
    const a = 0.5 * Math.sqrt(trace);
    return [(zy - yz) / (4 * a), (xz - zx) / (4 * a), (yx - xy) / (4 * a)];
  }
  const [b2, c2, d2] = [1 + xx - yy - zz, 1 + yy - xx - zz, 1 + zz - xx - yy];
  const largest = Math.max(b2, c2, d2);
  const half = 0.5 * Math.sqrt(largest);
  const [a, ...bcd] =
    largest === b2
      ? [(zy - yz) / (4 * half), half, (yx + xy) / (4 * half), (zx + xz) / (4 * half)]
      : largest === c2
        ? [(xz - zx) / (4 * half), (yx + xy) / (4 * half), half, (zy + yz) / (4 * half)]
        : [(yx - xy) / (4 * half), (zx + xz) / (4 * half), (zy + yz) / (4 * half), half];
  return a < 0 ? bcd.map((value) => -value) : bcd;
}
