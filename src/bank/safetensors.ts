// The safetensors format: 8 bytes of header length (little-endian), a JSON header, then the tensors' bytes.
// https://huggingface.co/docs/safetensors. The header is padded with spaces so that tensors start at a multiple of 8.

import { MiasError } from "../errors.ts";
import type { ByteSource } from "../util/byte-source.ts";
import { bytesOf } from "../util/bytes-of.ts";

/** Every header is a JSON object. */
const OPENING_BRACE = 0x7b;
/** The format's own limit on the header. */
const MAX_HEADER_BYTES = 100_000_000;

const ELEMENTS = {
  U8: Uint8Array,
  F16: Uint16Array,
  F32: Float32Array,
  U32: Uint32Array,
} as const;

export type TensorType = keyof typeof ELEMENTS;
type TensorArray = Uint8Array | Uint16Array | Uint32Array | Float32Array;

export interface Tensor {
  readonly type: TensorType;
  readonly shape: readonly number[];
  /** F16 as bit patterns. */
  readonly data: TensorArray;
}

export interface TensorEntry {
  readonly type: string;
  readonly shape: readonly number[];
  /** First byte and the byte after the last, from the start of the file. */
  readonly start: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
}

/** The file as chunks in order, so that no second copy of large tensors is made. */
export function* encodeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>>,
): Generator<Uint8Array> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { type, shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype: type, shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  yield encodeHeader(header);
  for (const { data } of Object.values(tensors)) yield bytesOf(data);
}

function encodeHeader(header: Record<string, unknown>): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
}

/**
 * Reads the header and checks that the file holds what it says.
 * @throws MiasError `bank-foreign` when it is no safetensors file, `bank-unreadable` when it is cut short or its
 * tensors leave gaps or overlap
 */
export async function readSafetensorsHeader(
  source: ByteSource,
  signal?: AbortSignal,
): Promise<SafetensorsHeader> {
  const start = source.size < 9 ? new Uint8Array(9) : await source.read(0, 9, signal);
  const length = headerLength(start);
  if (length < 2 || length > MAX_HEADER_BYTES || start[8] !== OPENING_BRACE)
    throw foreign(source, "it does not start with a safetensors header");
  if (8 + length > source.size) throw truncated(source, 8 + length);
  const header = parseHeader(source, await source.read(8, length, signal));
  checkLayout(source, header, 8 + length);
  return header;
}

/** The format's rule: the tensors follow one another from the header to the end of the file. */
function checkLayout(source: ByteSource, { tensors }: SafetensorsHeader, start: number): void {
  const entries = [...tensors.entries()].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  let end = start;
  for (const [name, entry] of entries) {
    if (entry.start !== end)
      throw unreadable(source, `tensor ${name} starts at byte ${entry.start}, not ${end}`);
    end = entry.end;
  }
  if (end > source.size) throw truncated(source, end);
  if (end < source.size) throw unreadable(source, `${source.size - end} bytes follow the last tensor`);
}

function headerLength(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
}

function parseHeader(source: ByteSource, bytes: Uint8Array): SafetensorsHeader {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw foreign(source, "its header is not JSON", cause);
  }
  if (!isRecord(json)) throw foreign(source, "its header is not a JSON object");
  const { __metadata__: metadata = {}, ...entries } = json;
  if (!isTexts(metadata)) throw foreign(source, "its metadata are not texts");
  const start = 8 + bytes.length;
  const tensors = new Map(
    Object.entries(entries).map(([name, entry]) => [name, tensorEntry(source, name, entry, start)]),
  );
  return { metadata, tensors };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((item) => typeof item === "string");
}

function tensorEntry(source: ByteSource, name: string, entry: unknown, start: number): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : {};
  const valid = typeof dtype === "string" && isCounts(shape) && isCounts(offsets) && offsets.length === 2;
  if (!valid || offsets[0] > offsets[1]) throw foreign(source, `its tensor ${name} has no valid description`);
  return { type: dtype, shape, start: start + offsets[0], end: start + offsets[1] };
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

/**
 * Reads one tensor.
 * @throws MiasError `bank-unreadable` when it is absent, has another type, or its size disagrees with its shape
 */
export async function readTensor(
  source: ByteSource,
  header: SafetensorsHeader,
  name: string,
  type: TensorType,
  signal?: AbortSignal,
): Promise<Tensor> {
  const entry = header.tensors.get(name);
  if (entry === undefined) throw unreadable(source, `tensor ${name} is missing`);
  if (entry.type !== type) throw unreadable(source, `tensor ${name} must be ${type}, is ${entry.type}`);
  const Elements = ELEMENTS[type];
  const length = entry.shape.reduce((product, dim) => product * dim, 1);
  const bytes = entry.end - entry.start;
  if (bytes !== length * Elements.BYTES_PER_ELEMENT) {
    throw unreadable(
      source,
      `tensor ${name} needs ${length * Elements.BYTES_PER_ELEMENT} bytes, has ${bytes}`,
    );
  }
  const read = await source.read(entry.start, bytes, signal);
  const data = new Elements(length);
  new Uint8Array(data.buffer).set(read);
  return { type, shape: entry.shape, data };
}

function foreign(source: ByteSource, why: string, cause?: unknown): MiasError {
  return new MiasError(
    "bank-foreign",
    source.name,
    `${source.name} is not a memory bank: ${why}; make one with \`mias fit\``,
    {
      cause,
    },
  );
}

function truncated(source: ByteSource, needed: number): MiasError {
  return unreadable(source, `truncated: need ${needed} bytes, have ${source.size}`);
}

function unreadable(source: ByteSource, why: string): MiasError {
  return new MiasError(
    "bank-unreadable",
    source.name,
    `${source.name}: ${why}; the file is damaged; make it again with \`mias fit\``,
  );
}
