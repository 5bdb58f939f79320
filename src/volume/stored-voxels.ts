// From the bytes of voxels as a file stores them to those of a Volume: whole numbers of 8 and 16 bits stay as they
// are where the scaling lets them, all else becomes 32-bit floats. Bytes are converted block by block, so that little
// more than the result is in memory.

import { MiasError } from "../errors.ts";
import { type IssueCode, issue } from "../issues.ts";
import type { Issue } from "../types.ts";
import { fillNonFinite } from "../util/fill-non-finite.ts";
import { valueRange } from "../util/value-range.ts";
import type { VolumeSize, VoxelArray } from "../volume-types.ts";
import { type Compression, mostBytesOf, readBlocks } from "./byte-flow.ts";
import { damagedVolume, requireSize } from "./volume-errors.ts";

const STORED_ARRAYS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

export type StoredType = keyof typeof STORED_ARRAYS;

/** Bytes of a stored number. */
export function bytesOfType(type: StoredType): number {
  return STORED_ARRAYS[type].BYTES_PER_ELEMENT;
}

/** Where the voxels of a file are. */
export interface VoxelBytes {
  readonly bytes: Uint8Array;
  readonly compression: Compression;
  /** Of the first voxel, after decompression. */
  readonly offset: number;
}

/** What a header claims of them. */
export interface StoredVoxels {
  readonly type: StoredType;
  readonly bigEndian: boolean;
  readonly size: VolumeSize;
  /** Volumes in the file, one after another, or voxel by voxel where `interleaved`. */
  readonly volumes: number;
  readonly interleaved?: boolean;
  /** Numbers of a voxel: grey, red, green and blue, or these with alpha, which is left out. */
  readonly channels: 1 | 3 | 4;
  /** value = stored * slope + intercept. */
  readonly slope: number;
  readonly intercept: number;
}

/** What is told of a file's voxels beside the header. */
export interface VoxelRequest {
  readonly name: string;
  /** As named in messages. */
  readonly format: string;
  readonly volumeIndex?: number;
  readonly signal?: AbortSignal;
}

export interface ReadVoxels {
  readonly data: VoxelArray;
  readonly issues: readonly Issue[];
}

/** Bytes that are converted at once, or those of one voxel. */
const BLOCK_BYTES = 2 ** 20;
/** Whole numbers below this are held by 32-bit floats. */
const EXACT = 2 ** 24;

/**
 * Reads one volume. Colour becomes grey (ITU-R 601).
 * @throws MiasError `image-unreadable` where the bytes cannot hold what is claimed (told before anything is allocated),
 * are cut short or hold no finite value; `image-unsupported` where it is too large; `usage` where there is no volume
 * `volumeIndex`
 */
export async function readVoxels(
  request: VoxelRequest,
  source: VoxelBytes,
  stored: StoredVoxels,
): Promise<ReadVoxels> {
  const { name, format, volumeIndex = 0, signal } = request;
  requireSize(name, format, stored.size);
  requireVolume(name, stored.volumes, volumeIndex);
  const numbers = stored.interleaved ? stored.volumes : stored.channels;
  const voxelBytes = numbers * bytesOfType(stored.type);
  const length = stored.size[0] * stored.size[1] * stored.size[2] * voxelBytes;
  const frames = stored.interleaved ? 1 : stored.volumes;
  requireBytes(request, source, length * frames);
  const skip = source.offset + (stored.interleaved ? 0 : volumeIndex * length);
  const target = emptyTarget(stored);
  const convert = converterTo(target, stored, stored.interleaved ? volumeIndex : 0, numbers);
  const block = new Uint8Array(Math.max(1, Math.floor(BLOCK_BYTES / voxelBytes)) * voxelBytes);
  const use = (bytes: Uint8Array<ArrayBuffer>) => {
    signal?.throwIfAborted();
    convert(bytes);
  };
  const wanted = { skip, length };
  const read = await readBlocks(source.bytes, source.compression, wanted, block, use).catch((cause) => {
    signal?.throwIfAborted();
    throw damagedVolume(name, format, "its compressed data are broken or end too early", cause);
  });
  if (read < length) {
    throw damagedVolume(name, format, `the voxels need ${length} bytes, got ${read}`);
  }
  const { data, issues } = finished(name, shifted(target, stored), stored);
  return { data, issues: [...earlierIssues(request, stored), ...issues] };
}

function requireVolume(name: string, volumes: number, volumeIndex: number): void {
  if (Number.isInteger(volumeIndex) && volumeIndex >= 0 && volumeIndex < volumes) return;
  const rule = `volume index must be a whole number from 0 to ${volumes - 1} for ${name}, got ${volumeIndex}`;
  throw new MiasError("usage", "volume index", rule);
}

function requireBytes({ name, format }: VoxelRequest, source: VoxelBytes, claimed: number): void {
  const need = source.offset + claimed;
  const most = mostBytesOf(source.bytes, source.compression);
  if (need <= most) return;
  const have = source.compression === "none" ? `has ${most}` : `can have at most ${most}`;
  throw damagedVolume(name, format, `its header claims ${need} bytes, the file ${have}`);
}

function earlierIssues({ name, volumeIndex }: VoxelRequest, stored: StoredVoxels): Issue[] {
  const issues: Issue[] = [];
  const note = (code: IssueCode, message: string) => issues.push(issue(code, name, message));
  if (stored.volumes > 1 && volumeIndex === undefined) {
    const others = `ask for another by its index, 0 to ${stored.volumes - 1}`;
    note("one-of-several-volumes", `the file holds ${stored.volumes} volumes, the first was read; ${others}`);
  }
  if (stored.channels > 1)
    note("colour-to-grey", "colour was read as grey; check that it is no mere display");
  return issues;
}

function emptyTarget({ type, size, channels, slope, intercept }: StoredVoxels): VoxelArray {
  const voxels = size[0] * size[1] * size[2];
  const whole = slope === 1 && Number.isInteger(intercept);
  if (type === "uint8" && whole && intercept === 0) return new Uint8Array(voxels);
  if (!whole || channels > 1) return new Float32Array(voxels);
  if (type === "uint16") return new Uint16Array(voxels);
  if (type === "int16") return new Int16Array(voxels);
  const narrow = type === "uint8" || type === "int8";
  return narrow && Math.abs(intercept) < 2 ** 15 - 2 ** 8 ? new Int16Array(voxels) : new Float32Array(voxels);
}

/** Whether the intercept is added only when the range of all voxels is known. */
function isShiftedLater(target: VoxelArray, type: StoredType): boolean {
  return (type === "int16" && target instanceof Int16Array) || target instanceof Uint16Array;
}

/** Writes block after block to `target`. Number `pick` of each voxel's is taken, or the grey of its colour. */
function converterTo(
  target: VoxelArray,
  { type, bigEndian, channels, slope, intercept }: StoredVoxels,
  pick: number,
  numbers: number,
): (block: Uint8Array<ArrayBuffer>) => void {
  const Stored = STORED_ARRAYS[type];
  const added = isShiftedLater(target, type) ? 0 : intercept;
  const round = target instanceof Uint8Array ? Math.round : (value: number) => value;
  let at = 0;
  return (block) => {
    if (bigEndian) swapBytes(block, Stored.BYTES_PER_ELEMENT);
    const items = new Stored(block.buffer, 0, block.length / Stored.BYTES_PER_ELEMENT);
    if (numbers === 1 && items.constructor === target.constructor && slope === 1 && added === 0) {
      target.set(items as VoxelArray, at);
      at += items.length;
      return;
    }
    for (let i = 0; i < items.length; i += numbers) {
      const value = channels === 1 ? Number(items[i + pick]) : greyOf(items, i);
      target[at++] = round(value * slope + added);
    }
  };
}

function greyOf(items: ArrayLike<number | bigint>, i: number): number {
  return (299 * Number(items[i]) + 587 * Number(items[i + 1]) + 114 * Number(items[i + 2])) / 1000;
}

function swapBytes(block: Uint8Array, width: number): void {
  for (let start = 0; start < block.length; start += width) {
    for (let [low, high] = [start, start + width - 1]; low < high; low++, high--) {
      const byte = block[low];
      block[low] = block[high];
      block[high] = byte;
    }
  }
}

/** Adds the intercept of 16-bit voxels: within the same bytes where the results fit. */
function shifted(target: VoxelArray, { type, intercept }: StoredVoxels): VoxelArray {
  if (intercept === 0 || !isShiftedLater(target, type)) return target;
  const { min, max } = valueRange(target);
  const fits = (least: number, most: number) => min + intercept >= least && max + intercept <= most;
  const result = fits(-(2 ** 15), 2 ** 15 - 1)
    ? new Int16Array(target.buffer)
    : fits(0, 2 ** 16 - 1)
      ? new Uint16Array(target.buffer)
      : new Float32Array(target.length);
  for (let i = 0; i < target.length; i++) result[i] = target[i] + intercept;
  return result;
}

/** Sets what is not finite to the least finite value, in place, and says what was rounded. */
function finished(name: string, data: VoxelArray, { type, slope }: StoredVoxels): ReadVoxels {
  if (!(data instanceof Float32Array)) return { data, issues: [] };
  const { min, max, missing } = fillNonFinite(data);
  if (missing === data.length) {
    const message = `${name} must have voxels that are finite, but all are NaN or infinite; leave it out`;
    throw new MiasError("image-unreadable", name, message);
  }
  const issues: Issue[] = [];
  if (missing > 0) {
    const share = `${missing} of ${data.length}`;
    const message = `voxels must be finite, ${share} are NaN or infinite and were set to the least value, ${min}`;
    issues.push(issue("non-finite-pixels", name, message));
  }
  if (/int(32|64)/.test(type) && slope === 1 && Math.max(-min, max) >= EXACT) {
    const message = `whole numbers from ${EXACT} on are rounded to 32-bit floats, got up to ${Math.max(-min, max)}`;
    issues.push(issue("values-rounded", name, message));
  }
  return { data, issues };
}
