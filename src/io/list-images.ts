// Which files a user means: files, folders, globs and lists of these. Nothing is read but lists, and the first bytes of
// files whose names tell nothing.

import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve, sep } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { isMiasError, MiasError } from "../errors.ts";
import { issue } from "../issues.ts";
import type { Issue } from "../types.ts";
import { READABLE_FORMATS } from "./image-errors.ts";
import { isInput } from "./input-kind.ts";
import { type FileFilter, isPicture, listFolder } from "./list-folder.ts";
import { compareNaturally } from "./natural-order.ts";
import { unreadFormatOfEnding } from "./sniff-format.ts";
import { systemErrorCode } from "./system-error.ts";

/**
 * Turns what a user names into image files, each once and in natural order (`2.png` before `10.png`).
 *
 * An input is a file (kept whatever its ending), a folder (searched through all its subfolders), a glob (`scans/*.png`),
 * or `@list.txt`: a text file with one of these a line, relative to the list; lines that start with # are comments.
 * Folders and globs give files with the ending of an image; names that start with a dot are left out. Symbolic links
 * are followed, but no folder is searched twice. A file that is found by several names keeps the shortest.
 *
 * Throws MiasError `no-images`, naming the input, where one yields nothing.
 */
export async function listImages(inputs: readonly string[]): Promise<string[]> {
  const { files, refusals } = await listFiles(inputs, {
    isWanted: isPicture,
    what: "image (PNG, JPEG, TIFF, WebP, BMP)",
  });
  if (refusals.length > 0) throw refusals[0];
  return files;
}

export interface InputListing {
  readonly files: readonly string[];
  /** `images-not-read`, one for each folder or glob and each format that is not read. */
  readonly issues: readonly Issue[];
  /** Lines of lists that yield nothing. */
  readonly failures: readonly Issue[];
}

/**
 * As listImages, with DICOM files, volumes (NIfTI, NRRD, MetaImage) and zip archives beside pictures. A line of a list
 * that yields nothing is a failure, as long as there is something else.
 */
export async function listInputs(inputs: readonly string[]): Promise<InputListing> {
  const search = { isWanted: isInput, what: "image, DICOM file, volume or zip archive" };
  const { files, issues, refusals } = await listFiles(inputs, search);
  if (files.length === 0 && refusals.length > 0) throw refusals[0];
  return {
    files,
    issues,
    failures: refusals.map(({ subject, message }) => issue("image-failed", subject, message)),
  };
}

/** What is searched for in folders and globs. */
interface Search {
  readonly isWanted: FileFilter;
  /** For messages. */
  readonly what: string;
}

/** What inputs yield, in any order. */
interface Found {
  readonly files: string[];
  readonly issues: Issue[];
  /** Of the lines of lists that yield nothing. */
  readonly refusals: MiasError[];
}

async function listFiles(inputs: readonly string[], search: Search): Promise<Found> {
  if (inputs.length === 0) throw noImages("input", "inputs must name at least one image, got none");
  const empty = inputs.some((input) => input === "" || input === "@");
  if (empty)
    throw noImages(
      "input",
      "an input must be a file, a folder, a glob or @list, got an empty name; name one",
    );
  const found: Found = { files: [], issues: [], refusals: [] };
  for (const input of inputs) {
    if (input.startsWith("@")) await expandList(input.slice(1), search, found);
    else await expand(input, "", search, found);
  }
  return { ...found, files: (await withoutDuplicates(found.files)).sort(compareNaturally) };
}

/** Expands the lines of a list. */
async function expandList(list: string, search: Search, found: Found): Promise<void> {
  const text = await readFile(list, "utf8").catch((error: unknown) => {
    throw noImages(list, `list ${list} cannot be read (${systemErrorCode(error)}); check the path`, error);
  });
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line, index) => ({ entry: line.trim(), number: index + 1 }))
    .filter(({ entry }) => entry !== "" && !entry.startsWith("#"));
  if (lines.length === 0) throw noImages(list, `list ${list} must name at least one image, got none`);
  for (const { entry, number } of lines) {
    try {
      await expand(entry, dirname(list), search, found);
    } catch (error) {
      if (!isMiasError(error)) throw error;
      found.refusals.push(
        noImages(error.subject, `line ${number} of ${list}: ${error.message}`, error.cause),
      );
    }
  }
}

/** Expands a file, a folder or a glob that is relative to `base` ("" is the working folder). */
async function expand(input: string, base: string, search: Search, found: Found): Promise<void> {
  const path = isAbsolute(input) ? input : join(base, input);
  const unread = new Map<string, number>();
  const isWanted: FileFilter = async (file) => {
    if (await search.isWanted(file)) return true;
    const format = unreadFormatOfEnding(file);
    if (format !== undefined) unread.set(format, (unread.get(format) ?? 0) + 1);
    return false;
  };
  const files = await findFiles(path, input, base, isWanted);
  const issues = [...unread].sort(byFormat).map(([format, count]) => notRead(path, format, count));
  if (files.length === 0) {
    const others = issues.map(({ message }) => `; ${message}`).join("");
    throw noImages(path, `${path} must hold at least one ${search.what}, got none${others}`);
  }
  found.files.push(...files);
  found.issues.push(...issues);
}

function byFormat([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return compareNaturally(a, b);
}

function notRead(path: string, format: string, count: number): Issue {
  const files =
    count === 1
      ? `1 file of ${path} is a ${format} image, which is`
      : `${count} files of ${path} are ${format} images, which are`;
  const them = count === 1 ? "it" : "them";
  return issue("images-not-read", path, `${files} not read; convert ${them} to one of ${READABLE_FORMATS}`);
}

async function findFiles(path: string, input: string, base: string, isWanted: FileFilter): Promise<string[]> {
  try {
    return (await stat(path)).isDirectory() ? await searchFolder(path, isWanted) : [path];
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    // A file may have a name that looks like a glob, so only what does not exist is taken for one.
    if (code === "ENOENT" && isDynamicPattern(input)) return expandGlob(input, base, isWanted);
    const what = code === "ENOENT" ? "does not exist; check the path" : `cannot be read (${code}); check it`;
    // What cannot be read may be a folder further down.
    const place = error instanceof Error && "path" in error ? String(error.path) : path;
    throw noImages(place, `${place} ${what}`, error);
  }
}

async function expandGlob(pattern: string, base: string, isWanted: FileFilter): Promise<string[]> {
  const absolute = isAbsolute(pattern);
  const found = await glob(pattern.replaceAll(sep, "/"), {
    absolute,
    expandDirectories: false,
    ...(base === "" ? {} : { cwd: base }),
  });
  const files = absolute ? found : found.map((file) => join(base, file));
  const wanted = await Promise.all(files.map(isWanted));
  return files.filter((_, i) => wanted[i]);
}

/**
 * Files under a folder. Of several ways to a folder the shortest is gone first, and no other, so loops end and
 * files keep the shortest name.
 */
async function searchFolder(root: string, isWanted: FileFilter): Promise<string[]> {
  const seen = new Set<string>();
  const found: string[] = [];
  const open = [root];
  for (let folder = open.shift(); folder !== undefined; folder = open.shift()) {
    const truePath = await realpath(folder);
    if (seen.has(truePath)) continue;
    seen.add(truePath);
    const { folders, images } = await listFolder(folder, isWanted);
    for (const name of images) found.push(join(folder, name));
    for (const name of folders) open.push(join(folder, name));
    if (folders.length > 0) open.sort(shortestFirst);
  }
  return found;
}

function shortestFirst(a: string, b: string): number {
  return a.length - b.length || compareNaturally(a, b);
}

async function withoutDuplicates(paths: readonly string[]): Promise<string[]> {
  const byTruePath = new Map<string, string>();
  for (const path of [...paths].sort(shortestFirst)) {
    const truePath = await realpath(path).catch(() => resolve(path));
    if (!byTruePath.has(truePath)) byTruePath.set(truePath, path);
  }
  return [...byTruePath.values()];
}

function noImages(subject: string, message: string, cause?: unknown): MiasError {
  return new MiasError("no-images", subject, message, { cause });
}
