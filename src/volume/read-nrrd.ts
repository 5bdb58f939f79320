// NRRD in (teem.sourceforge.net/nrrd/format.html): attached (.nrrd) and detached (.nhdr) headers, raw and gzip.
// Two or three axes are of space; one more, first or last, holds colours or several volumes.
// Left out: text, hex and bzip2 encodings, data in several files, "old min" and other display hints, key/value pairs
// (which may name a patient).

import type { Volume } from "../volume-types.ts";
import { nrrdAxes } from "./nrrd-axes.ts";
import { type NrrdHeader, parseNrrdHeader } from "./nrrd-header.ts";
import { nrrdPlace } from "./nrrd-place.ts";
import { type ReadVolumeOptions, readNamedSibling } from "./sibling.ts";
import { bytesOfType, readVoxels, type StoredType, type VoxelBytes } from "./stored-voxels.ts";
import { threeOf } from "./text-header.ts";
import { damagedVolume, requireSize, unsupportedVolume } from "./volume-errors.ts";

const TYPES: readonly (readonly [StoredType, RegExp])[] = [
  ["int8", /^(signed char|int8(_t)?)$/],
  ["uint8", /^(uchar|unsigned char|uint8(_t)?)$/],
  ["int16", /^((signed )?short( int)?|int16(_t)?)$/],
  ["uint16", /^(ushort|unsigned short( int)?|uint16(_t)?)$/],
  ["int32", /^((signed )?int|int32(_t)?)$/],
  ["uint32", /^(uint|unsigned int|uint32(_t)?)$/],
  ["int64", /^(longlong|(signed )?long long( int)?|int64(_t)?)$/],
  ["uint64", /^(ulonglong|unsigned long long( int)?|uint64(_t)?)$/],
  ["float32", /^float$/],
  ["float64", /^double$/],
];

/**
 * Reads one volume of an NRRD file.
 * @throws MiasError as readVolume
 */
export async function readNrrd(
  name: string,
  bytes: Uint8Array,
  options: ReadVolumeOptions = {},
): Promise<Volume> {
  const header = parseNrrdHeader(name, bytes);
  const axes = nrrdAxes(name, header);
  const text = header.field("type")?.toLowerCase() ?? "";
  const type = TYPES.find(([, pattern]) => pattern.test(text))?.[0];
  if (type === undefined)
    throw unsupportedVolume(name, "must hold numbers of 8 to 64 bits (type); convert it");
  const size = threeOf(axes.size, 1);
  requireSize(name, "NRRD", size);
  const { geometry, issues } = nrrdPlace(name, header, axes);
  const { volumes, interleaved, channels } = axes;
  const bigEndian = isBigEndian(name, header, type);
  const stored = { type, bigEndian, size, volumes, interleaved, channels, slope: 1, intercept: 0 };
  const source = await voxelBytes(name, bytes, header, options, axes.items * bytesOfType(type));
  const read = await readVoxels({ name, format: "NRRD", ...options }, source, stored);
  const place = { geometry, ...(volumes > 1 ? { volumes } : {}) };
  return { name, size, data: read.data, ...place, issues: [...issues, ...read.issues] };
}

function isBigEndian(name: string, header: NrrdHeader, type: StoredType): boolean {
  const endian = header.field("endian")?.toLowerCase();
  if (endian === "big" || endian === "little" || type.endsWith("int8")) return endian === "big";
  throw damagedVolume(name, "NRRD", '"endian" must be little or big');
}

/** `length` bytes are claimed. */
async function voxelBytes(
  name: string,
  bytes: Uint8Array,
  header: NrrdHeader,
  options: ReadVolumeOptions,
  length: number,
): Promise<VoxelBytes> {
  const encoding = header.field("encoding")?.toLowerCase() ?? "";
  if (!/^(raw|gz|gzip)$/.test(encoding)) {
    throw unsupportedVolume(name, "must have raw or gzip encoding; write it again in one of these");
  }
  const compression = encoding === "raw" ? "none" : "gzip";
  const [lines] = header.numbers("line skip", 1) ?? header.numbers("lineskip", 1) ?? [0];
  const [skip] = header.numbers("byte skip", 1) ?? header.numbers("byteskip", 1) ?? [0];
  const fromEnd = skip === -1 && compression === "none";
  if (lines !== 0 || !(fromEnd || (Number.isSafeInteger(skip) && skip >= 0))) {
    throw unsupportedVolume(
      name,
      `must skip no lines and 0 or more bytes, got ${lines} and ${skip}; write it again`,
    );
  }
  const file = header.field("data file") ?? header.field("datafile");
  const data = file === undefined ? bytes.subarray(header.end) : await readNamedSibling(name, file, options);
  return { bytes: data, compression, offset: fromEnd ? Math.max(0, data.length - length) : skip };
}
