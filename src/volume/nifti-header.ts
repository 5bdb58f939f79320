// The fields of NIfTI-1 and NIfTI-2 headers that are needed here, by their place (nifti1.h, nifti2.h of
// nifti.nimh.nih.gov). Left out: free text (descrip, aux_file, intent_name, db_name may name a patient) and extensions,
// which are never read. Why no library: docs/decisions/0014-volumes.md.

import { damagedVolume } from "./volume-errors.ts";

export type NiftiVersion = 1 | 2;

/** Byte offsets of fields; `realBytes` is the width of their floating-point numbers. */
export interface NiftiLayout {
  readonly bytes: number;
  readonly realBytes: 4 | 8;
  readonly magic: number;
  readonly dims: number;
  readonly datatype: number;
  readonly bits: number;
  readonly pixDims: number;
  readonly voxOffset: number;
  readonly slope: number;
  readonly intercept: number;
  readonly calMax: number;
  readonly calMin: number;
  readonly units: number;
  readonly description: number;
  readonly qformCode: number;
  readonly sformCode: number;
  readonly quaternion: number;
  readonly qOffset: number;
  readonly rows: number;
}

export const NIFTI_LAYOUTS: Readonly<Record<NiftiVersion, NiftiLayout>> = {
  1: {
    ...{ bytes: 348, realBytes: 4, magic: 344, dims: 40, datatype: 70, bits: 72, pixDims: 76 },
    ...{ voxOffset: 108, slope: 112, intercept: 116, calMax: 124, calMin: 128, units: 123, description: 148 },
    ...{ qformCode: 252, sformCode: 254, quaternion: 256, qOffset: 268, rows: 280 },
  },
  2: {
    ...{ bytes: 540, realBytes: 8, magic: 4, dims: 16, datatype: 12, bits: 14, pixDims: 104 },
    ...{ voxOffset: 168, slope: 176, intercept: 184, calMax: 192, calMin: 200, units: 500, description: 240 },
    ...{ qformCode: 344, sformCode: 348, quaternion: 352, qOffset: 376, rows: 400 },
  },
};

/** Bytes that hold a header of either version. */
export const NIFTI_HEADER_BYTES = 540;

export interface NiftiHeader {
  readonly version: NiftiVersion;
  readonly bigEndian: boolean;
  /** Whether the voxels are in an .img file beside it. */
  readonly pair: boolean;
  /** How many dimensions, then their lengths: 8 numbers. */
  readonly dims: readonly number[];
  readonly datatype: number;
  /** qfac, then spacing along each dimension: 8 numbers. */
  readonly pixDims: readonly number[];
  readonly voxOffset: number;
  readonly slope: number;
  readonly intercept: number;
  readonly calMin: number;
  readonly calMax: number;
  /** NIFTI_UNITS_METER 1, MM 2, MICRON 3 or 0. */
  readonly spatialUnit: number;
  readonly qformCode: number;
  readonly sformCode: number;
  /** b, c, d. */
  readonly quaternion: readonly number[];
  readonly qOffset: readonly number[];
  /** srow_x, srow_y, srow_z: 12 numbers. */
  readonly rows: readonly number[];
}

const MAGIC = /^n([+i])([12])/;

/** Version and kind by the magic; undefined where it is no NIfTI header. */
function magicOf(bytes: Uint8Array): { readonly version: NiftiVersion; readonly pair: boolean } | undefined {
  for (const version of [1, 2] as const) {
    const { magic } = NIFTI_LAYOUTS[version];
    const found = MAGIC.exec(String.fromCharCode(...bytes.subarray(magic, magic + 4)));
    if (found?.[2] === String(version)) return { version, pair: found[1] === "i" };
  }
  return undefined;
}

/** Whether bytes begin with a NIfTI header; `bytes` are decompressed. */
export function isNifti(bytes: Uint8Array): boolean {
  return magicOf(bytes) !== undefined;
}

/** Whether they may be a header of Analyze 7.5, from which NIfTI-1 comes: it has the size but no magic. */
export function isAnalyze(bytes: Uint8Array): boolean {
  if (bytes.length < NIFTI_LAYOUTS[1].bytes || isNifti(bytes)) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return [true, false].some((little) => view.getInt32(0, little) === 348 && view.getInt16(40, little) <= 7);
}

/**
 * Reads a header; what it claims is not checked yet.
 * @throws MiasError `image-unreadable` where it is cut short or has no byte order
 */
export function parseNiftiHeader(name: string, bytes: Uint8Array): NiftiHeader {
  const magic = magicOf(bytes);
  const layout = NIFTI_LAYOUTS[magic?.version ?? 1];
  if (magic === undefined || bytes.length < layout.bytes) {
    throw damagedVolume(name, "NIfTI", `its header needs ${layout.bytes} bytes, got ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, layout.bytes);
  const little = view.getInt32(0, true) === layout.bytes;
  if (!little && view.getInt32(0, false) !== layout.bytes) {
    throw damagedVolume(name, "NIfTI", `its header must say that it has ${layout.bytes} bytes`);
  }
  return { ...magic, bigEndian: !little, ...fieldsOf(view, magic.version, little) };
}

function fieldsOf(view: DataView, version: NiftiVersion, little: boolean) {
  const at = NIFTI_LAYOUTS[version];
  const many = <T>(count: number, read: (i: number) => T) => Array.from({ length: count }, (_, i) => read(i));
  const real = (offset: number, i = 0) =>
    version === 1 ? view.getFloat32(offset + 4 * i, little) : view.getFloat64(offset + 8 * i, little);
  const whole = (offset: number, i = 0) =>
    version === 1 ? view.getInt16(offset + 2 * i, little) : Number(view.getBigInt64(offset + 8 * i, little));
  const code = (offset: number) =>
    version === 1 ? view.getInt16(offset, little) : view.getInt32(offset, little);
  return {
    dims: many(8, (i) => whole(at.dims, i)),
    datatype: view.getInt16(at.datatype, little),
    pixDims: many(8, (i) => real(at.pixDims, i)),
    voxOffset: version === 1 ? real(at.voxOffset) : whole(at.voxOffset),
    slope: real(at.slope),
    intercept: real(at.intercept),
    calMin: real(at.calMin),
    calMax: real(at.calMax),
    spatialUnit: (version === 1 ? view.getUint8(at.units) : view.getInt32(at.units, little)) & 7,
    qformCode: code(at.qformCode),
    sformCode: code(at.sformCode),
    quaternion: many(3, (i) => real(at.quaternion, i)),
    qOffset: many(3, (i) => real(at.qOffset, i)),
    rows: many(12, (i) => real(at.rows, i)),
  };
}
