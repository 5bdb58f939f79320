// Seen slices on disk, one file each, so that a volume's memory stays bounded and an interrupted run goes on at the slice
// where it stopped. A file is there whole or not at all (write-atomic.ts).
//
// A file, little-endian: 8 numbers of 32 bits (magic, version, then columns and rows of the grid; channels, height and
// width of the embedding; its name's length), the score (64 bits), the grid (32 bits a value), the embedding (16), the
// embedding's name in UTF-8.

import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, writeFileAtomic } from "../io/write-atomic.ts";
import type { SeenSlice, SliceStore } from "../pipeline/slice-store.ts";
import { bytesOf } from "../util/bytes-of.ts";
import { sha256Hex } from "../util/sha256.ts";

/** A folder of seen slices; an interrupted run leaves it, and the next goes on from it. */
export interface DiskSliceStore extends SliceStore {
  /** Deletes the folder. */
  remove(): Promise<void>;
}

/** Everything that a seen slice depends on. */
export interface SliceRun {
  /** Of the bank file. */
  readonly bankSha256: string;
  /** Of the encoder's file. */
  readonly modelSha256: string;
  /** Of the volume's content: see VolumeInput.stamp. */
  readonly volume: string;
  /** How slices are cut and brought to grey values: axis, window and the like. */
  readonly slicing: unknown;
  /** Of this program. */
  readonly version: string;
}

/** `MSLC` as the file's first bytes. */
const MAGIC = 0x434c534d;
const VERSION = 1;
const HEADER_BYTES = 8 * 4 + 8;

/**
 * Opens the folder, made where it is missing. What another run left there is deleted: it is told apart by a stamp of all
 * that a seen slice depends on.
 * @throws MiasError `output-unwritable`
 */
export async function openSliceStore(folder: string, run: SliceRun): Promise<DiskSliceStore> {
  const stamp = await stampOf(run);
  const stampFile = join(folder, "stamp");
  const found = await readFile(stampFile, "utf8").catch(() => undefined);
  if (found !== stamp) {
    await rm(folder, { recursive: true, force: true });
    await makeFolder(folder);
    await writeFileAtomic(stampFile, stamp);
  }
  const fileOf = (index: number) => join(folder, `${String(index).padStart(5, "0")}.slice`);
  return {
    load: async (index) => {
      const bytes = await readFile(fileOf(index)).catch(() => undefined);
      return bytes && decodeSlice(bytes);
    },
    save: (index, seen) => writeFileAtomic(fileOf(index), encodeSlice(seen)),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function stampOf({ bankSha256, modelSha256, volume, slicing, version }: SliceRun): Promise<string> {
  const all = JSON.stringify([VERSION, version, bankSha256, modelSha256, volume, slicing]);
  return sha256Hex(new TextEncoder().encode(all));
}

function encodeSlice({ score, beyond, embedding }: SeenSlice): Uint8Array {
  const name = new TextEncoder().encode(embedding.name);
  const parts = [bytesOf(beyond.data), bytesOf(embedding.data), name];
  const bytes = new Uint8Array(HEADER_BYTES + parts.reduce((sum, part) => sum + part.length, 0));
  const { channels, height, width } = embedding;
  const header = [MAGIC, VERSION, beyond.width, beyond.height, channels, height, width, name.length];
  const view = new DataView(bytes.buffer);
  for (const [i, value] of header.entries()) view.setUint32(4 * i, value, true);
  view.setFloat64(32, score, true);
  let at = HEADER_BYTES;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Undefined for a file of another version or length: the slice is then seen again. */
function decodeSlice(bytes: Uint8Array<ArrayBuffer>): SeenSlice | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i, true));
  const [magic, version, columns, rows, channels, height, width, nameLength] = header;
  const gridEnd = HEADER_BYTES + 4 * columns * rows;
  const embeddingEnd = gridEnd + 2 * channels * height * width;
  const isWhole = bytes.length === embeddingEnd + nameLength;
  if (magic !== MAGIC || version !== VERSION || !isWhole) return undefined;
  const name = new TextDecoder().decode(bytes.subarray(embeddingEnd));
  const copy = (from: number, to: number) =>
    bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + to);
  const grid = new Float32Array(copy(HEADER_BYTES, gridEnd));
  const halves = new Uint16Array(copy(gridEnd, embeddingEnd));
  return {
    score: view.getFloat64(32, true),
    beyond: { width: columns, height: rows, data: grid },
    embedding: { name, channels, height, width, data: halves },
  };
}
