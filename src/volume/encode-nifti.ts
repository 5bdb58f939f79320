// Masks, labels and maps as NIfTI files (.nii.gz) in the place of their volume. The same voxels give the same bytes.
// NIfTI-1 is written, which every viewer reads: its affine has 32-bit floats, a relative error of 6e-8 at most. NIfTI-2
// is written where the input is NIfTI-2, or a side is beyond 32,767.
// Left out: intents, extensions, and all free text of the input, which may name a patient.

import { Gzip } from "fflate";
import type { Geometry } from "../types.ts";
import { assert } from "../util/assert.ts";
import { bytesOf } from "../util/bytes-of.ts";
import type { VolumeSize } from "../volume-types.ts";
import { formsLike, formsOf, type NiftiForms } from "./nifti-forms.ts";
import { NIFTI_LAYOUTS, type NiftiHeader, type NiftiVersion } from "./nifti-header.ts";

export type NiftiValues = Uint8Array | Uint16Array | Float32Array;

export interface EncodeNiftiOptions {
  /**
   * The NIfTI header of the input (niftiHeaderOf): its sform, qform, unit and version are kept as they are. Ignored
   * where it does not lie where `geometry` does.
   */
  readonly like?: NiftiHeader;
  /** Up to 79 characters of ASCII; never patient data. @default "" */
  readonly description?: string;
}

/** Longest side that NIfTI-1 can tell. */
const MOST_SIDE = 2 ** 15 - 1;
/** Of gzip: maps of floats do not become smaller by more effort, masks become so in no time. */
const LEVELS = { floats: 1, labels: 6 } as const;
/** Bytes compressed at once. */
const CHUNK = 2 ** 22;
/** NIfTI's codes of datatypes by bytes of a value. */
const DATATYPES: Readonly<Record<number, number>> = { 1: 2, 2: 512, 4: 16 };

/**
 * A .nii.gz file of `values`, in the order of the volume's voxels, with an affine equal to the geometry's.
 * @param geometry the volume's: LPS affine in mm, or no more than a spacing
 */
export function encodeNifti(
  values: NiftiValues,
  size: VolumeSize,
  geometry: Geometry,
  { like, description = "" }: EncodeNiftiOptions = {},
): Uint8Array {
  assert(values.length === size[0] * size[1] * size[2], "values are as many as the size tells");
  const kept = like && formsLike(like, size, geometry);
  const version: NiftiVersion = (kept && like?.version === 2) || Math.max(...size) > MOST_SIDE ? 2 : 1;
  const forms = kept ?? formsOf(geometry);
  const header = headerBytes(version, values.BYTES_PER_ELEMENT, size, forms, description);
  return gzipped([header, bytesOf(values)], values instanceof Float32Array ? LEVELS.floats : LEVELS.labels);
}

function headerBytes(
  version: NiftiVersion,
  valueBytes: number,
  size: VolumeSize,
  forms: NiftiForms,
  description: string,
): Uint8Array {
  const at = NIFTI_LAYOUTS[version];
  // Four bytes after the header say that there are no extensions.
  const bytes = new Uint8Array(at.bytes + 4);
  const view = new DataView(bytes.buffer);
  const text = (offset: number, characters: string) => bytes.set(ascii(characters), offset);
  const reals = (offset: number, numbers: readonly number[]) => {
    for (const [i, value] of numbers.entries()) {
      if (version === 1) view.setFloat32(offset + 4 * i, value, true);
      else view.setFloat64(offset + 8 * i, value, true);
    }
  };
  const code = (offset: number, value: number) =>
    version === 1 ? view.setInt16(offset, value, true) : view.setInt32(offset, value, true);
  view.setInt32(0, at.bytes, true);
  text(at.magic, version === 1 ? "n+1\0" : "n+2\0\r\n\x1a\n");
  for (const [i, side] of [3, ...size, 1, 1, 1, 1].entries()) {
    if (version === 1) view.setInt16(at.dims + 2 * i, side, true);
    else view.setBigInt64(at.dims + 8 * i, BigInt(side), true);
  }
  view.setInt16(at.datatype, DATATYPES[valueBytes], true);
  view.setInt16(at.bits, 8 * valueBytes, true);
  reals(at.pixDims, [...forms.pixDims, 1, 1, 1, 1]);
  if (version === 1) view.setFloat32(at.voxOffset, bytes.length, true);
  else view.setBigInt64(at.voxOffset, BigInt(bytes.length), true);
  reals(at.slope, [1]);
  view.setUint8(at.units, forms.spatialUnit);
  text(at.description, description.slice(0, 79));
  code(at.qformCode, forms.qformCode);
  code(at.sformCode, forms.sformCode);
  reals(at.quaternion, forms.quaternion);
  reals(at.qOffset, forms.qOffset);
  reals(at.rows, forms.rows);
  return bytes;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    return code < 128 ? code : "?".charCodeAt(0);
  });
}

function gzipped(parts: readonly Uint8Array[], level: 1 | 6): Uint8Array {
  const chunks: Uint8Array[] = [];
  const gzip = new Gzip({ level, mtime: 0 }, (chunk) => chunks.push(chunk));
  for (const part of parts) {
    for (let at = 0; at < part.length; at += CHUNK) gzip.push(part.subarray(at, at + CHUNK));
  }
  gzip.push(new Uint8Array(0), true);
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
