// Masks, labels and maps as NIfTI files (.nii.gz) in the place of their volume. The same voxels give the same bytes.
// NIfTI-1 is written, which every viewer reads: its affine has 32-bit floats, a relative error of 6e-8 at most. NIfTI-2
// is written where the input is NIfTI-2, or a side is beyond 32,767.
// Left out: intents, extensions, and all free text of the input, which may name a patient.

import { Gzip } from "fflate";
import type { Geometry } from "../types.ts";
import { assert } from "../util/assert.ts";
import { bytesOf } from "../util/bytes-of.ts";
import { joined } from "../util/joined.ts";
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
/** NIfTI's codes of datatypes, and bytes of a value. */
const TYPES = {
  uint8: { code: 2, bytes: 1 },
  uint16: { code: 512, bytes: 2 },
  float32: { code: 16, bytes: 4 },
} as const;

/** Voxels in parts, in the order of the volume's: planes that are made when asked for, or all at once. */
export interface NiftiVoxels {
  readonly type: keyof typeof TYPES;
  readonly parts: Iterable<NiftiValues>;
}

/**
 * A .nii.gz file of `values`, in the order of the volume's voxels, with an affine equal to the geometry's.
 * @param geometry the volume's: LPS affine in mm, or no more than a spacing
 */
export function encodeNifti(
  values: NiftiValues,
  size: VolumeSize,
  geometry: Geometry,
  options: EncodeNiftiOptions = {},
): Uint8Array {
  const type = values instanceof Uint8Array ? "uint8" : values instanceof Uint16Array ? "uint16" : "float32";
  return joined(Uint8Array, [...niftiChunks({ type, parts: [values] }, size, geometry, options)]);
}

/** The same file in pieces, each made when asked for: that of a large volume need not be in memory as a whole. */
export function* niftiChunks(
  { type, parts }: NiftiVoxels,
  size: VolumeSize,
  geometry: Geometry,
  { like, description = "" }: EncodeNiftiOptions = {},
): Generator<Uint8Array, void, undefined> {
  const kept = like && formsLike(like, size, geometry);
  const version: NiftiVersion = (kept && like?.version === 2) || Math.max(...size) > MOST_SIDE ? 2 : 1;
  const forms = kept ?? formsOf(geometry);
  const header = headerBytes(version, type, size, forms, description);
  yield* gzipped(pieces(header, parts, size), type === "float32" ? LEVELS.floats : LEVELS.labels);
}

/** The bytes of the file, a few at a time. */
function* pieces(header: Uint8Array, parts: Iterable<NiftiValues>, size: VolumeSize): Generator<Uint8Array> {
  yield header;
  let voxels = 0;
  for (const part of parts) {
    voxels += part.length;
    const bytes = bytesOf(part);
    for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
  }
  assert(voxels === size[0] * size[1] * size[2], "values are as many as the size tells");
}

function headerBytes(
  version: NiftiVersion,
  type: NiftiVoxels["type"],
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
  view.setInt16(at.datatype, TYPES[type].code, true);
  view.setInt16(at.bits, 8 * TYPES[type].bytes, true);
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

function* gzipped(bytes: Iterable<Uint8Array>, level: 1 | 6): Generator<Uint8Array, void, undefined> {
  let ready: Uint8Array[] = [];
  const gzip = new Gzip({ level, mtime: 0 }, (chunk) => ready.push(chunk));
  const taken = () => {
    const chunks = ready;
    ready = [];
    return chunks;
  };
  for (const piece of bytes) {
    gzip.push(piece);
    yield* taken();
  }
  gzip.push(new Uint8Array(0), true);
  yield* taken();
}
