import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { compareNaturally } from "./natural-order.ts";
import { formatOfEnding } from "./sniff-format.ts";

/** Names in one folder, in natural order; hidden ones and files without the ending of an image are left out. */
export interface FolderListing {
  readonly folders: readonly string[];
  readonly images: readonly string[];
}

/**
 * Lists one folder; symbolic links count as what they lead to, and what is no folder counts as a file: it fails with
 * its reason when it is read. Throws the error of the system.
 */
export async function listFolder(path: string): Promise<FolderListing> {
  const folders: string[] = [];
  const images: string[] = [];
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.name.startsWith(".")) continue;
    const isLink = entry.isSymbolicLink();
    if (entry.isDirectory() || (isLink && (await leadsToFolder(join(path, entry.name))))) {
      folders.push(entry.name);
    } else if (formatOfEnding(entry.name) !== undefined) {
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
