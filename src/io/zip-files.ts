// The files of a zip archive, read one by one from where they lie in it: nothing is unpacked to the disk. Names that
// lead out of the archive, entries that claim far more than they hold, and encrypted ones are refused before a byte of
// them is unpacked; what an entry unpacks to is held to what it claims (yauzl's validateEntrySizes).

import { stat } from "node:fs/promises";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { isMiasError, MiasError } from "../errors.ts";
import type { InputFile } from "./input-file.ts";
import { systemErrorCode } from "./system-error.ts";

/** Bytes that an entry may unpack to: what one typed array of voxels is made from. */
const MOST_BYTES = 2 ** 31 - 1;
const MOST_ENTRIES = 100_000;
/** Deflated images seldom shrink below a twentieth; more than this is a bomb, or holds nothing to be seen. */
const MOST_RATIO = 300;
/** Below this size a high ratio does no harm. */
const HARMLESS_BYTES = 64 * 2 ** 20;

/**
 * The files in an archive, in its order, without folders and hidden files.
 * @throws MiasError `image-unreadable` where it is no sound archive, or breaks one of the rules above
 */
export async function zipFiles(path: string): Promise<InputFile[]> {
  const stamp = await stat(path).then(({ size, mtimeMs }) => `${size} ${mtimeMs}`);
  return withArchive({ path, name: path }, async (archive) => {
    const files: InputFile[] = [];
    for await (const entry of archive.eachEntry()) {
      const name = `${path}/${entry.fileName}`;
      if (files.length === MOST_ENTRIES)
        throw refused(path, `must hold at most ${MOST_ENTRIES} files, got more`);
      if (isLeftOut(entry.fileName)) continue;
      checkEntry(name, entry);
      files.push({ name, stamp, read: (signal) => readEntry(path, name, entry, signal) });
    }
    return files;
  });
}

function isLeftOut(name: string): boolean {
  return name.endsWith("/") || name.split("/").some((part) => part.startsWith(".") || part === "__MACOSX");
}

function checkEntry(name: string, entry: Entry): void {
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
  const archive = await openPromise(path, { autoClose: false, lazyEntries: true }).catch((cause: unknown) =>
    damaged(name, cause),
  );
  try {
    return await use(archive);
  } catch (error) {
    signal?.throwIfAborted();
    if (isMiasError(error)) throw error;
    return damaged(name, error);
  } finally {
    archive.close();
  }
}

function damaged(name: string, cause: unknown): never {
  const code = systemErrorCode(cause);
  const why = code ?? (cause instanceof Error ? cause.message : String(cause));
  const message = `${name} must be a sound zip archive, got: ${why}; copy it again, or unpack it yourself`;
  throw new MiasError("image-unreadable", name, message, { cause });
}
