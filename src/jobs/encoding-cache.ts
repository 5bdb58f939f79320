import { readFile, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { MiasError } from "../errors.ts";
import { makeFolder, writeFileAtomic } from "../io/write-atomic.ts";
import type { EncodingStore } from "../pipeline/cached-model.ts";
import { bytesOf } from "../util/bytes-of.ts";

/** A folder of encodings; an interrupted run leaves it, and the next goes on from it. */
export interface EncodingCache extends EncodingStore {
  /** Deletes the folder. */
  remove(): Promise<void>;
}

/** Opens the folder, made where it is missing. */
export async function openEncodingCache(folder: string): Promise<EncodingCache> {
  await makeFolder(folder);
  const fileOf = (key: string) => join(folder, `${key}.f16`);
  return {
    load: async (key) => {
      const bytes = await readFile(fileOf(key)).catch(() => undefined);
      if (bytes === undefined) return undefined;
      const whole = bytes.byteLength - (bytes.byteLength % 2);
      return new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + whole));
    },
    save: (key, halves) => writeFileAtomic(fileOf(key), bytesOf(halves)),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * Checks that the disk of `folder` has room, before hours of work fail for want of it.
 * @throws MiasError `output-unwritable`
 */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  const disk = await statfs(folder).catch(() => undefined);
  if (disk === undefined) return;
  const free = disk.bavail * disk.bsize;
  if (free >= bytes) return;
  const rule = `${folder} must have room for ${sizeText(bytes)} of encodings, got ${sizeText(free)}`;
  throw new MiasError("output-unwritable", folder, `${rule}; choose another output, or --no-cache`);
}

/** A size in decimal units. */
export function sizeText(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
