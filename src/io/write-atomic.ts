// Files that are either there whole or not at all: written beside their place under another name, then renamed.

import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isMiasError, MiasError } from "../errors.ts";
import { systemErrorCode } from "./system-error.ts";

/** Where the bytes of a file go, in order. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** Writes a whole file, text as UTF-8. Throws as writeStreamAtomic. */
export async function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  await writeStreamAtomic(path, (sink) => sink.write(bytes));
}

/**
 * Writes a file in pieces. An older file at `path` stays as it is until all pieces are on the disk; where anything
 * fails, the older file remains and no temporary file is left.
 *
 * Throws MiasError `output-unwritable` where the system refuses (disk full, no permission, read-only, no such folder),
 * and passes on what `write` itself throws.
 */
export async function writeStreamAtomic(
  path: string,
  write: (sink: ByteSink) => Promise<void>,
): Promise<void> {
  const target = await requireReplaceable(path);
  const folder = dirname(target);
  const temporary = join(folder, `.mias-${randomBytes(8).toString("hex")}.tmp`);
  try {
    const file = await open(temporary, "wx").catch(unwritable(path));
    try {
      await write({ write: (bytes) => writeAll(file, bytes).catch(unwritable(path)) });
      await file.sync().catch(unwritable(path));
    } finally {
      await file.close().catch(unwritable(path));
    }
    await rename(temporary, target).catch(unwritable(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
}

/** What a run will make in its output folder. */
export interface OutputPlaces {
  readonly files?: readonly string[];
  readonly folders?: readonly string[];
}

/**
 * Makes a folder, with those above it, and tries whether it can be written to, so that a long run does not fail at its
 * end. Throws MiasError `usage` where something stands in the way, else `output-unwritable`.
 */
export async function makeOutputFolder(path: string, places: OutputPlaces = {}): Promise<void> {
  if (path === "") throw new MiasError("usage", path, 'the output must be a folder, got ""; name a folder');
  await makeFolder(path).catch(blamingTheCaller);
  await requireFree(path, places).catch(blamingTheCaller);
  const probe = join(path, `.mias-${randomBytes(8).toString("hex")}.tmp`);
  const file = await open(probe, "wx").catch(nothingMadeIn(path)).catch(blamingTheCaller);
  await file.close();
  await rm(probe).catch(unwritable(path));
}

/**
 * Makes the folder of a file and tries whether the file can be written, so that a long run does not fail at its end.
 * Throws MiasError as makeOutputFolder.
 */
export async function makeFolderOfOutput(path: string): Promise<void> {
  if (path === "" || /[/\\]$/.test(path)) {
    throw new MiasError("usage", path, `the output must be a file, got "${path}"; name a file`);
  }
  await makeOutputFolder(dirname(path), { files: [basename(path)] });
}

/** Throws where a folder stands in the place of a file, or a file in that of a folder. */
async function requireFree(path: string, { files = [], folders = [] }: OutputPlaces): Promise<void> {
  for (const file of files) await requireReplaceable(join(path, file));
  for (const folder of folders.map((name) => join(path, name))) {
    const found = await stat(folder).catch(() => undefined);
    if (found === undefined || found.isDirectory()) continue;
    throw inTheWay(folder, "a folder", "a file");
  }
}

/** The file that is to be replaced, behind symbolic links. A folder or a device is refused, never replaced. */
async function requireReplaceable(path: string): Promise<string> {
  try {
    const found = await stat(path);
    if (found.isFile()) return await realpath(path);
    throw inTheWay(path, "a file", found.isDirectory() ? "a folder" : "a device or the like");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return path;
    return unwritable(path)(error);
  }
}

function inTheWay(path: string, rule: string, found: string): MiasError {
  const message = `${path} must be ${rule}, got ${found}; choose another name`;
  return new MiasError("output-unwritable", path, message);
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done)).bytesWritten;
  }
}

/** Makes the rename last through a power cut, where the system lets a folder be synced (Windows does not). */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space or choose another place",
  EDQUOT: "the disk quota is used up; free some space or choose another place",
  EFBIG: "the file is larger than the system allows; choose another place",
  EACCES: "there is no permission to write; choose another place",
  EPERM: "there is no permission to write; choose another place",
  EROFS: "the disk is read-only; choose another place",
  ENOENT: "its folder does not exist; create it first",
  ENOTDIR: "a part of its path is a file and not a folder; choose another place",
  EEXIST: "there is a file of this name already; choose another place",
  EISDIR: "it is a folder; choose another name",
  ELOOP: "a symbolic link leads back to itself; choose another place",
  ENAMETOOLONG: "the name is longer than the system allows; choose a shorter one",
};

/** Turns a refusal of the system into an error of ours; anything else is passed on. */
function unwritable(path: string): (error: unknown) => never {
  return (error) => {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    const reason = REASONS[code] ?? `the system refuses (${code}); choose another place`;
    throw new MiasError("output-unwritable", path, `${path} cannot be written: ${reason}`, { cause: error });
  };
}

/** Refusals that meet every file, whatever its name. */
const OF_THE_DISK: readonly string[] = ["ENOSPC", "EDQUOT", "EROFS", "EIO"];

/** Whether what was refused may be due to the file's name or place alone, so that other files can be written. */
export function isRefusalOfOneFile(error: unknown): error is MiasError {
  if (!isMiasError(error, "output-unwritable")) return false;
  const code = systemErrorCode(error.cause);
  return code === undefined || !OF_THE_DISK.includes(code);
}

/** Refusals that another place mends. */
const OF_THE_PLACE: readonly string[] = [
  ...["ENOTDIR", "EEXIST", "EISDIR", "ELOOP", "ENAMETOOLONG"],
  ...["ENOENT", "EACCES", "EPERM", "EROFS"],
];

/** Makes wrong use of a refusal that is due to the place that the caller named, and not to a full disk. */
function blamingTheCaller(error: unknown): never {
  if (!isMiasError(error, "output-unwritable")) throw error;
  const code = systemErrorCode(error.cause);
  if (code !== undefined && !OF_THE_PLACE.includes(code)) throw error;
  throw new MiasError("usage", error.subject, error.message, { cause: error.cause });
}

/** Makes a folder and those above it. Throws MiasError `output-unwritable`. */
export async function makeFolder(path: string): Promise<void> {
  await makeFolders(path).catch(nothingMadeIn(path));
}

/** As unwritable; where the folder above is there, "no such file" means that the system lets nothing be made in it. */
function nothingMadeIn(path: string): (error: unknown) => never {
  return (error) => {
    if (systemErrorCode(error) !== "ENOENT") return unwritable(path)(error);
    const message = `${path} cannot be written: the system lets nothing be made there; choose another place`;
    throw new MiasError("output-unwritable", path, message, { cause: error });
  };
}

/** Unlike Node's own recursive mkdir it ends where a folder that exists refuses a new one with ENOENT, as /proc does. */
async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "EEXIST" && (await isFolder(path))) return;
    const parent = dirname(path);
    if (code !== "ENOENT" || parent === path || (await isFolder(parent))) throw error;
    await makeFolders(parent);
    await makeFolders(path);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
