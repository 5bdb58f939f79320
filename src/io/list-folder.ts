import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { compareNaturally } from "./natural-order.ts";
import { formatOfEnding } from "./sniff-format.ts";

/** Names in one folder, in natural order; hidden ones and files that are not asked for are left out. */
export interface FolderListing {
  readonly folders: readonly string[];
  readonly images: readonly string[];
}

/** Whether a file of a folder or glob is asked for. */
export type FileFilter = (path: string) => boolean | Promise<boolean>;

/** Files with the ending of a picture. */
export const isPicture: FileFilter = (path) => formatOfEnding(path) !== undefined;

/**
 * Lists one folder: its folders, and the files that are asked for, which are pictures unless said otherwise; symbolic links count as what they lead to, and what is no folder counts as a file: it fails with
 * its reason when it is read. Throws the error of the system.
 */
export async function listFolder(path: string, isWanted: FileFilter = isPicture): Promise<FolderListing> {
  const folders: string[] = [];
  const images: string[] = [];
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.name.startsWith(".")) continue;
    const isLink = entry.isSymbolicLink();
    if (entry.isDirectory() || (isLink && (await leadsToFolder(join(path, entry.name))))) {
      folders.push(entry.name);
    } else if (await isWanted(join(path, entry.name))) {
      images.push(entry.name);
    }
  }
  return { folders: folders.sort(compareNaturally), images: images.sort(compareNaturally) };
}

async function leadsToFolder(link: string): Promise<boolean> {
  try {
    return (await stat(link)).isDirectory();
  } catch {
    return false;
  }
}
