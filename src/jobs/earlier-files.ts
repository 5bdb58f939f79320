// Pictures that an earlier run left in the folder of results. They may be all that is left of it, so they stay; but
// nobody should take them for results of this run.

import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { issue } from "../issues.ts";
import type { Issue } from "../types.ts";
import { RESULT_FOLDERS } from "./write-result.ts";

/**
 * A warning where there are pictures in `output` that this run has not written.
 * @param written names below `output`, "/" between folders
 */
export async function earlierFiles(output: string, written: ReadonlySet<string>): Promise<Issue[]> {
  const found = await Promise.all(RESULT_FOLDERS.map((folder) => filesBelow(output, folder)));
  const others = found.flat().filter((name) => !written.has(name));
  if (others.length === 0) return [];
  const count = others.length === 1 ? "1 file" : `${others.length} files`;
  const message = `${output} must hold the results of one run, got ${count} that this run has not written, such as ${others[0]}; remove what is not wanted, or name a new folder`;
  return [issue("earlier-files-kept", output, message)];
}

/** Files below a folder of results, sorted; none where it cannot be read, and no hidden ones. */
async function filesBelow(output: string, folder: string): Promise<string[]> {
  const options = { recursive: true, withFileTypes: true } as const;
  const entries = await readdir(join(output, folder), options).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map(({ parentPath, name }) => relative(output, join(parentPath, name)).split(sep).join("/"))
    .sort();
}
