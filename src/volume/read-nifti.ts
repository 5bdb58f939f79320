// NIfTI-1 and NIfTI-2 in: .nii, .nii.gz, and pairs of .hdr and .img.

import type { Volume, VolumeSize } from "../volume-types.ts";
import { firstBytes, isGzip } from "./byte-flow.ts";
import { isNifti, NIFTI_HEADER_BYTES, type NiftiHeader, parseNiftiHeader } from "./nifti-header.ts";
import { niftiPlace } from "./nifti-place.ts";
import { type ReadVolumeOptions, readSibling } from "./sibling.ts";
import { readVoxels, type StoredType, type StoredVoxels, type VoxelBytes } from "./stored-voxels.ts";
import { damagedVolume, requireSize, unsupportedVolume } from "./volume-errors.ts";

/** Type and numbers of a voxel by NIfTI's datatype. */
const TYPES = new Map<number, readonly [StoredType, 1 | 3 | 4]>([
  [2, ["uint8", 1]],
  [4, ["int16", 1]],
  [8, ["int32", 1]],
  [16, ["float32", 1]],
  [64, ["float64", 1]],
  [128, ["uint8", 3]],
  [256, ["int8", 1]],
  [512, ["uint16", 1]],
  [768, ["uint32", 1]],
  [1024, ["int64", 1]],
  [1280, ["uint64", 1]],
  [2304, ["uint8", 4]],
]);
const UNREAD_TYPES: Readonly<Record<number, string>> = {
  1: "single bits",
  32: "complex numbers",
  1536: "128-bit floats",
  1792: "complex numbers",
  2048: "complex numbers",
};

/** The header's bytes of a .nii, .nii.gz or .hdr file; undefined where it is no NIfTI. */
export async function niftiHeaderOf(name: string, bytes: Uint8Array): Promise<NiftiHeader | undefined> {
  const head = await firstBytes(bytes, isGzip(bytes) ? "gzip" : "none", NIFTI_HEADER_BYTES);
  return isNifti(head) ? parseNiftiHeader(name, head) : undefined;
}

/**
 * Reads one volume of a NIfTI file. Of more than three dimensions the further ones count volumes, the fourth fastest.
 * The display range (cal_min, cal_max) becomes the file's window.
 * @throws MiasError as readVolume
 */
export async function readNifti(
  name: string,
  bytes: Uint8Array,
  options: ReadVolumeOptions = {},
): Promise<Volume> {
  const header = await niftiHeaderOf(name, bytes);
  if (header === undefined) throw damagedVolume(name, "NIfTI", "it has no header of NIfTI");
  const stored = storedVoxels(name, header);
  requireSize(name, "NIfTI", stored.size);
  const { geometry, issues } = niftiPlace(name, header, stored.size);
  const source = await voxelBytes(name, bytes, header, options);
  const read = await readVoxels({ name, format: "NIfTI", ...options }, source, stored);
  const { calMin: low, calMax: high } = header;
  const window = low < high && Number.isFinite(high - low) ? { window: { low, high } } : {};
  return {
    name,
    size: stored.size,
    data: read.data,
    geometry,
    ...window,
    ...(stored.volumes > 1 ? { volumes: stored.volumes } : {}),
    issues: [...issues, ...read.issues],
  };
}

function storedVoxels(name: string, header: NiftiHeader): StoredVoxels {
  const [count, ...sides] = header.dims;
  if (!(count >= 1 && count <= 7)) {
    throw damagedVolume(name, "NIfTI", `it must have 1 to 7 dimensions, got ${count}`);
  }
  const [x, y, z, ...further] = sides.map((side, i) => (i < count ? side : 1));
  if (!further.every((side) => side >= 1)) {
    throw damagedVolume(name, "NIfTI", `every dimension must be at least 1 long, got ${further.join(" x ")}`);
  }
  const type = TYPES.get(header.datatype);
  if (type === undefined) {
    const what = UNREAD_TYPES[header.datatype] ?? `an unknown datatype, ${header.datatype}`;
    throw unsupportedVolume(name, `must hold real numbers, got ${what}; convert it`);
  }
  const size: VolumeSize = [x, y, z];
  const volumes = further.reduce((product, side) => product * side, 1);
  return {
    type: type[0],
    channels: type[1],
    bigEndian: header.bigEndian,
    size,
    volumes,
    ...scaling(name, header),
  };
}

/** A slope of 0 or NaN means none. */
function scaling(name: string, { slope, intercept }: NiftiHeader) {
  if (slope === 0 || Number.isNaN(slope)) return { slope: 1, intercept: 0 };
  if (Number.isFinite(slope) && Number.isFinite(intercept)) return { slope, intercept };
  throw damagedVolume(name, "NIfTI", `slope and intercept must be finite, got ${slope} and ${intercept}`);
}

async function voxelBytes(
  name: string,
  bytes: Uint8Array,
  header: NiftiHeader,
  options: ReadVolumeOptions,
): Promise<VoxelBytes> {
  const { voxOffset } = header;
  if (!(Number.isSafeInteger(voxOffset) && voxOffset >= 0)) {
    throw damagedVolume(name, "NIfTI", `the voxels' offset must be a whole number from 0, got ${voxOffset}`);
  }
  if (!header.pair) {
    // Files that say 0 mean the place right after the header and its extension flag.
    const offset = voxOffset === 0 ? (header.version === 1 ? 352 : 544) : voxOffset;
    return { bytes, compression: isGzip(bytes) ? "gzip" : "none", offset };
  }
  const image = await imageOf(name, options);
  return { bytes: image, compression: isGzip(image) ? "gzip" : "none", offset: voxOffset };
}

/** The .img of a .hdr; a header by another name does not tell what its .img is called. */
function imageOf(name: string, options: ReadVolumeOptions): Promise<Uint8Array> {
  const [, stem, upper] = /^(?:.*[\\/])?(.*)\.(hdr|HDR|Hdr)(?:\.gz)?$/.exec(name) ?? [];
  if (stem === undefined)
    throw unsupportedVolume(name, "has its voxels in an .img, so it must be called .hdr; rename it");
  const image = `${stem}.${upper === "HDR" ? "IMG" : "img"}`;
  return readSibling(name, [image, `${image}.gz`], options);
}
