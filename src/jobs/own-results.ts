// Masks, maps and overlays that `segment` and `evaluate` wrote may lie among the images of a later run. They are
// pictures by their names, but no images of a patient: they are left out. A folder is known by its document.

import { readFile, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { MiasError } from "../errors.ts";
import { issue } from "../issues.ts";
import type { Issue } from "../types.ts";
import { PROGRAM_NAME } from "../version.ts";
import { EVALUATION_FOLDERS } from "./write-result.ts";

const DOCUMENTS: readonly string[] = ["results.json", "evaluation.json"];

export interface OwnImages {
  readonly files: readonly string[];
  /** A note where results of other runs were left out. */
  readonly issues: readonly Issue[];
}

/**
 * Leaves out the pictures of earlier runs, by whatever name they are reached.
 * @param output folder of this run: what lies in its folders of pictures is left out without a document and a note
 * @throws MiasError `no-images` where nothing is left
 */
export async function withoutResults(files: readonly string[], output?: string): Promise<OwnImages> {
  const own = output === undefined ? undefined : await truePath(output);
  const asked = new Map<string, Promise<boolean>>();
  const holdsResults = (folder: string) => {
    const answer = asked.get(folder) ?? hasDocument(folder);
    asked.set(folder, answer);
    return answer;
  };
  const images: string[] = [];
  const left: { readonly file: string; readonly own: boolean }[] = [];
  for (const file of files) {
    const holder = await resultsFolderOf(await truePath(file), own, holdsResults);
    if (holder === undefined) images.push(file);
    else left.push({ file, own: holder === own });
  }
  if (images.length === 0) throw onlyResults(files[0]);
  return { files: images, issues: leftOut(left.filter((result) => !result.own).map(({ file }) => file)) };
}

/** The folder of results that a picture lies in, or undefined. */
async function resultsFolderOf(
  file: string,
  own: string | undefined,
  holdsResults: (folder: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (let folder = dirname(file); dirname(folder) !== folder; folder = dirname(folder)) {
    const holder = dirname(folder);
    if (!EVALUATION_FOLDERS.includes(basename(folder))) continue;
    if (holder === own || (await holdsResults(holder))) return holder;
  }
  return undefined;
}

async function hasDocument(folder: string): Promise<boolean> {
  const found = await Promise.all(DOCUMENTS.map((name) => isOurs(join(folder, name))));
  return found.includes(true);
}

async function isOurs(document: string): Promise<boolean> {
  try {
    return JSON.parse(await readFile(document, "utf8")).program.name === PROGRAM_NAME;
  } catch {
    // Missing, or somebody else's.
    return false;
  }
}

/** The path behind symbolic links; of what does not exist yet, that of its folder and its name. */
async function truePath(path: string): Promise<string> {
  const whole = resolve(path);
  const found = await realpath(whole).catch(() => undefined);
  if (found !== undefined || dirname(whole) === whole) return found ?? whole;
  return join(await truePath(dirname(whole)), basename(whole));
}

function onlyResults(first: string): MiasError {
  const rule = `inputs must hold an image that is no result of ${PROGRAM_NAME}`;
  return new MiasError(
    "no-images",
    first,
    `${rule}, got none but such as ${first}; name the images themselves`,
  );
}

function leftOut(files: readonly string[]): Issue[] {
  if (files.length === 0) return [];
  const rule = `inputs must not be results of ${PROGRAM_NAME}`;
  const message = `${rule}, got ${files.length} of earlier runs, such as ${files[0]}, which were left out`;
  return [issue("results-left-out", files[0], message)];
}
