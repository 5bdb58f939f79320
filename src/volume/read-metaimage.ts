// MetaImage in (itk.org/Wiki/ITK/MetaIO/Documentation): .mha, and .mhd with its data file; raw and zlib.
// Left out: text data, data in several files, ElementToIntensityFunction (as in ITK), comments and other free text.

import { issue } from "../issues.ts";
import type { Geometry } from "../types.ts";
import type { Volume } from "../volume-types.ts";
import { affineOf, isSpacing, isUsable, spacingOf, type Vector3 } from "./affine.ts";
import { type MetaImageHeader, parseMetaImageHeader } from "./metaimage-header.ts";
import { orientationUnknown } from "./orientation-unknown.ts";
import { type ReadVolumeOptions, readNamedSibling } from "./sibling.ts";
import {
  bytesOfType,
  readVoxels,
  type StoredType,
  type StoredVoxels,
  type VoxelBytes,
} from "./stored-voxels.ts";
import { threeOf } from "./text-header.ts";
import { damagedVolume, requireSize, unplacedVolume, unsupportedVolume } from "./volume-errors.ts";

/** MetaIO writes its long types with 4 bytes. */
const TYPES: Readonly<Record<string, StoredType>> = {
  ...{ MET_CHAR: "int8", MET_UCHAR: "uint8", MET_SHORT: "int16", MET_USHORT: "uint16", MET_INT: "int32" },
  ...{ MET_UINT: "uint32", MET_LONG: "int32", MET_ULONG: "uint32", MET_LONG_LONG: "int64" },
  ...{ MET_ULONG_LONG: "uint64", MET_FLOAT: "float32", MET_DOUBLE: "float64" },
};

/** DICOM's code by MetaIO's Modality. */
const MODALITIES: Readonly<Record<string, string>> = {
  ...{ MET_MOD_CT: "CT", MET_MOD_MR: "MR", MET_MOD_NM: "NM", MET_MOD_US: "US" },
};

/**
 * Reads one volume of a MetaImage file. Three or four channels of whole 8-bit numbers are colour, other channels are
 * volumes.
 * @throws MiasError as readVolume
 */
export async function readMetaImage(
  name: string,
  bytes: Uint8Array,
  options: ReadVolumeOptions = {},
): Promise<Volume> {
  const header = parseMetaImageHeader(name, bytes);
  const stored = storedVoxels(name, header);
  const { size } = stored;
  requireSize(name, "MetaImage", size);
  const place = placeOf(name, header, size);
  const source = await voxelBytes(name, bytes, header, options, stored);
  const read = await readVoxels({ name, format: "MetaImage", ...options }, source, stored);
  const modality = MODALITIES[header.field("Modality") ?? ""];
  return {
    ...{ name, size, data: read.data, geometry: place.geometry },
    ...(modality === undefined ? {} : { modality }),
    ...(stored.volumes > 1 ? { volumes: stored.volumes } : {}),
    issues: [...place.issues, ...read.issues],
  };
}

function storedVoxels(name: string, header: MetaImageHeader): StoredVoxels {
  const sides = header.numbers("DimSize", header.dimensions);
  if (sides === undefined) throw damagedVolume(name, "MetaImage", "it must tell DimSize");
  const type = TYPES[header.field("ElementType") ?? ""];
  if (type === undefined) {
    throw unsupportedVolume(name, "must hold numbers of 8 to 64 bits (ElementType); convert it");
  }
  const [numbers] = header.numbers("ElementNumberOfChannels", 1) ?? [1];
  const times = sides[3] ?? 1;
  if (![numbers, times].every((count) => Number.isSafeInteger(count) && count >= 1)) {
    throw damagedVolume(
      name,
      "MetaImage",
      `channels and volumes must be 1 or more, got ${numbers} and ${times}`,
    );
  }
  const colour = type === "uint8" && (numbers === 3 || numbers === 4);
  if (numbers > 1 && !colour && times > 1) {
    throw unsupportedVolume(
      name,
      `must have channels or a fourth axis, got ${numbers} and ${times}; export it apart`,
    );
  }
  return {
    ...{ type, bigEndian: header.flag("BinaryDataByteOrderMSB", "ElementByteOrderMSB") },
    ...{ size: threeOf(sides, 1), slope: 1, intercept: 0 },
    volumes: colour ? times : Math.max(numbers, times),
    interleaved: !colour && numbers > 1,
    channels: colour ? (numbers as 3 | 4) : 1,
  };
}

/** The direction of axis i is row i of the matrix. Two axes have no place in space. */
function placeOf(name: string, header: MetaImageHeader, size: Vector3): Pick<Volume, "geometry" | "issues"> {
  const { dimensions } = header;
  const told = header.numbers("ElementSpacing", dimensions) ?? header.numbers("ElementSize", dimensions);
  const spacing = threeOf(told ?? [1, 1], 1);
  if (!isSpacing(spacing, size)) {
    throw unplacedVolume(name, `must have a spacing above 0, got ${spacing.join(" x ")}`);
  }
  const [x, y, z] = spacing.map((value) => (value > 0 && Number.isFinite(value) ? value : 1));
  const unit = told ? "mm" : "px";
  const unplaced: Geometry = { spacing: [x, y, z], unit };
  const matrix = header.numbers("TransformMatrix", dimensions ** 2, "Rotation", "Orientation");
  if (dimensions < 3 || !told || !matrix) return { geometry: unplaced, issues: [orientationUnknown(name)] };
  const origin = header.numbers("Offset", dimensions, "Position", "Origin") ?? [0, 0, 0];
  const steps = [x, y, z].map((step, axis): Vector3 => {
    const [a, b, c] = matrix.slice(axis * dimensions);
    return [a * step, b * step, c * step];
  });
  const affine = affineOf(steps, threeOf(origin, 0));
  if (isUsable(affine)) return { geometry: { spacing: spacingOf(affine), unit: "mm", affine }, issues: [] };
  const message = "the header's matrix must be finite and not singular; its spacing is used instead";
  return { geometry: unplaced, issues: [issue("affine-unusable", name, message)] };
}

async function voxelBytes(
  name: string,
  bytes: Uint8Array,
  header: MetaImageHeader,
  options: ReadVolumeOptions,
  { type, size, volumes, channels }: StoredVoxels,
): Promise<VoxelBytes> {
  if (header.field("BinaryData") !== undefined && !header.flag("BinaryData")) {
    throw unsupportedVolume(name, "must hold binary data (BinaryData = True); write it again");
  }
  const file = header.field("ElementDataFile") ?? "";
  if (/^LIST|%\d*d/.test(file)) {
    throw unsupportedVolume(name, "must have its voxels in one file, got a list of files; write it as .mha");
  }
  const local = /^local$/i.test(file);
  const data = local ? bytes.subarray(header.end) : await readNamedSibling(name, file, options);
  const compression = header.flag("CompressedData") ? "zlib" : "none";
  const [skip] = header.numbers("HeaderSize", 1) ?? [0];
  const length = size[0] * size[1] * size[2] * volumes * channels * bytesOfType(type);
  // HeaderSize -1: the voxels are the file's last bytes.
  const offset =
    skip === -1 && compression === "none" ? Math.max(0, data.length - length) : Math.max(0, skip);
  if (!Number.isSafeInteger(offset))
    throw damagedVolume(name, "MetaImage", `HeaderSize must be whole, got ${skip}`);
  return compression === "none"
    ? { bytes: data, compression, offset }
    : { bytes: data.subarray(offset), compression, offset: 0 };
}
