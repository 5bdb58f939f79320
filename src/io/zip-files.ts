// The files of a zip archive, read one by one from where they lie in it: nothing is unpacked to the disk. Names that
// lead out of the archive, entries that claim far more than they hold, and encrypted ones are refused before a byte of
// them is unpacked, each by itself; what an entry unpacks to is held to what it claims (yauzl's validateEntrySizes).

import { stat } from "node:fs/promises";
import { type Entry, getFileNameLowLevel, openPromise, validateFileName, type ZipFile } from "yauzl";
import { isMiasError, MiasError } from "../errors.ts";
import type { CallContext } from "../types.ts";
import type { InputFile } from "./input-file.ts";
import { type InputKind, kindOfHead, kindOfName } from "./input-kind.ts";
import { HEAD_BYTES } from "./sniff-format.ts";
import { systemErrorCode } from "./system-error.ts";

/** Bytes that an entry may unpack to: what one typed array of voxels is made from. */
const MOST_BYTES = 2 ** 31 - 1;
const MOST_ENTRIES = 100_000;
/** Deflated images seldom shrink below a twentieth; more than this is a bomb, or holds nothing to be seen. */
const MOST_RATIO = 300;
/** Below this size a high ratio does no harm. */
const HARMLESS_BYTES = 64 * 2 ** 20;

/** A file of an archive, and what it is. */
export interface ZipMember {
  readonly file: InputFile;
  readonly kind: InputKind;
}

export interface ZipListing {
  /** The inputs in an archive, in its order; without folders, hidden files, and what is no input. */
  readonly members: readonly ZipMember[];
  /** Why others, which may be inputs, are not read; each is about one of them. */
  readonly refused: readonly MiasError[];
}

/**
 * Lists an archive. Files whose names tell nothing are asked by their first bytes.
 * @throws MiasError `image-unreadable` where it is no sound archive, or has too many files; the signal's reason
 */
export async function zipFiles(path: string, { signal, onProgress }: CallContext = {}): Promise<ZipListing> {
  const stamp = await stat(path).then(({ size, mtimeMs }) => `${size} ${mtimeMs}`);
  return withArchive({ path, name: path, signal }, async (archive) => {
    const total = archive.entryCount;
    if (total > MOST_ENTRIES) throw refused(path, `must hold at most ${MOST_ENTRIES} files, got ${total}`);
    const members: ZipMember[] = [];
    const failures: MiasError[] = [];
    let done = 0;
    for await (const entry of archive.eachEntry()) {
      signal?.throwIfAborted();
      onProgress?.({ stage: "reading archive", done: done++, total });
      const inside = nameOf(entry);
      const name = `${path}/${inside}`;
      const file = { name, stamp, read: async (use?: AbortSignal) => readEntry(path, name, entry, use) };
      try {
        const kind = await kindOfEntry(archive, entry, path, inside);
        if (kind !== undefined) members.push({ file, kind });
      } catch (error) {
        failures.push(isMiasError(error) ? error : damage(name, error));
      }
    }
    return { members, refused: failures };
  });
}

/** As the archive says it, with slashes, whether it may be used or not. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
}

/**
 * What an entry is; undefined where it is no input.
 * @throws MiasError `image-unreadable` where it may be one, but must not be unpacked
 */
async function kindOfEntry(
  archive: ZipFile,
  entry: Entry,
  path: string,
  name: string,
): Promise<InputKind | undefined> {
  const named = kindOfName(name);
  const isNothing = named === "unknown" && entry.uncompressedSize === 0;
  if (named === undefined || isNothing || isLeftOut(name)) return undefined;
  checkEntry(path, name, entry);
  return named === "unknown" ? kindOfHead(await headOf(archive, entry)) : named;
}

function isLeftOut(name: string): boolean {
  const isHidden = (part: string) => (part.startsWith(".") && part !== "..") || part === "__MACOSX";
  return name.endsWith("/") || name.split("/").some(isHidden);
}

function checkEntry(path: string, inside: string, entry: Entry): void {
  const name = `${path}/${inside}`;
  if (validateFileName(inside) !== null)
    throw refused(name, "must have a name that stays within its archive");
  if (entry.isEncrypted()) throw refused(name, "must not be encrypted");
  const { compressedSize, uncompressedSize } = entry;
  if (uncompressedSize > MOST_BYTES) {
    throw refused(name, `must unpack to at most 2 GiB, got ${uncompressedSize} bytes`);
  }
  if (uncompressedSize > HARMLESS_BYTES && uncompressedSize > MOST_RATIO * compressedSize) {
    const claim = `${compressedSize} bytes that claim to be ${uncompressedSize}`;
    throw refused(name, `must unpack to at most ${MOST_RATIO} times its size, got ${claim}`);
  }
}

function refused(name: string, what: string): MiasError {
  return new MiasError("image-unreadable", name, `${name} ${what}; unpack it yourself, or leave it out`);
}

/** The first bytes of an entry, and no more. */
async function headOf(archive: ZipFile, entry: Entry): Promise<Uint8Array> {
  const head = new Uint8Array(Math.min(HEAD_BYTES, entry.uncompressedSize));
  let length = 0;
  for await (const chunk of await archive.openReadStreamPromise(entry)) {
    const part: Uint8Array = chunk.subarray(0, head.length - length);
    head.set(part, length);
    length += part.length;
    if (length === head.length) break;
  }
  return head.subarray(0, length);
}

async function readEntry(
  path: string,
  name: string,
  entry: Entry,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  return withArchive({ path, name, signal }, async (archive) => {
    signal?.throwIfAborted();
    const bytes = new Uint8Array(entry.uncompressedSize);
    let length = 0;
    for await (const chunk of await archive.openReadStreamPromise(entry)) {
      signal?.throwIfAborted();
      bytes.set(chunk, length);
      length += chunk.length;
    }
    return bytes.subarray(0, length);
  });
}

interface Opening {
  readonly path: string;
  /** What it is opened for: the archive, or a file in it. */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
}

/** Opens an archive for as long as `use` takes; what it finds wrong becomes a sentence. */
async function withArchive<T>(
  { path, name, signal }: Opening,
  use: (archive: ZipFile) => Promise<T>,
): Promise<T> {
  const options = { autoClose: false, lazyEntries: true, decodeStrings: false };
  const archive = await openPromise(path, options).catch((cause: unknown) => {
    throw damage(name, cause);
  });
  try {
    return await use(archive);
  } catch (error) {
    signal?.throwIfAborted();
    if (isMiasError(error)) throw error;
    throw damage(name, error);
  } finally {
    archive.close();
  }
}

function damage(name: string, cause: unknown): MiasError {
  const code = systemErrorCode(cause);
  const why = code ?? (cause instanceof Error ? cause.message : String(cause));
  const message = `${name} must be a sound zip archive, got: ${why}; copy it again, or unpack it yourself`;
  return new MiasError("image-unreadable", name, message, { cause });
}
