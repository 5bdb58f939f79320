// The file part of reading a picture: what a path must be, and what its first bytes tell. Decoding is decode-image.ts.

import { type FileHandle, open, stat } from "node:fs/promises";
import { MiasError } from "../errors.ts";
import { issue } from "../issues.ts";
import type { MedicalImage } from "../types.ts";
import { decodeImage } from "./decode-image.ts";
import { unsupportedImage } from "./image-errors.ts";
import { requireImageFormat } from "./require-format.ts";
import { formatOfEnding, HEAD_BYTES, type ImageFormat } from "./sniff-format.ts";
import { systemErrorCode } from "./system-error.ts";

/** Node reads no larger file in one go: 2 GiB. */
const MAX_FILE_BYTES = 2 ** 31 - 1;

/**
 * Reads a PNG, JPEG, TIFF, WebP or BMP file, told apart by content. See decodeImage for the samples.
 *
 * Issues: `extension-mismatch`, `alpha-composited`, `animation-first-frame`, `cmyk-converted`, `orientation-ignored`,
 * `non-finite-pixels`.
 * Throws MiasError `image-unreadable` (missing, empty, damaged) or `image-unsupported` (another format, or more than
 * 268 megapixels or 2 GiB), and the signal's reason where it was aborted.
 */
export async function readImage(path: string, signal?: AbortSignal): Promise<MedicalImage> {
  signal?.throwIfAborted();
  const { bytes, format } = await readImageFile(path, signal);
  const image = await decodeImage(bytes, path);
  signal?.throwIfAborted();
  const promised = formatOfEnding(path);
  if (promised === undefined || promised === format) return image;
  const message = `the ending of a file must name its format, got ${promised}'s on a ${format} file; rename it`;
  return { ...image, issues: [issue("extension-mismatch", path, message), ...image.issues] };
}

interface ImageFile {
  readonly bytes: Uint8Array;
  readonly format: ImageFormat;
}

async function readImageFile(path: string, signal: AbortSignal | undefined): Promise<ImageFile> {
  try {
    await requireFile(path);
    const file = await open(path);
    try {
      // The whole is read only once the first bytes are those of an image.
      const format = requireImageFormat(await readHead(file), path);
      return { bytes: await file.readFile(signal === undefined ? {} : { signal }), format };
    } finally {
      await file.close();
    }
  } catch (error) {
    signal?.throwIfAborted();
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    throw unreadableFile(path, REASONS[code] ?? `cannot be read (${code}); check the disk`, error);
  }
}

/** Throws unless `path` is a regular file that holds something of a size that can be read. */
async function requireFile(path: string): Promise<void> {
  const found = await stat(path);
  if (found.isDirectory()) throw unreadableFile(path, "is a folder; name an image file");
  if (!found.isFile()) throw unreadableFile(path, "is not a regular file; name an image file");
  if (found.size === 0) throw unreadableFile(path, "is empty (0 bytes); copy or export it again");
  if (found.size > MAX_FILE_BYTES) {
    throw unsupportedImage(
      path,
      `must have at most 2 GiB, got ${found.size} bytes; crop it or make it smaller`,
    );
  }
}

async function readHead(file: FileHandle): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD_BYTES);
  const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
  return head.subarray(0, bytesRead);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist; check the path",
  ENOTDIR: "does not exist, a part of its path is a file and not a folder; check the path",
  EACCES: "may not be read; ask for read permission",
  EPERM: "may not be read; ask for read permission",
  ELOOP: "is a symbolic link that leads back to itself; name the file itself",
  ENAMETOOLONG: "has a longer name than the system allows; check the path",
};

function unreadableFile(path: string, what: string, cause?: unknown): MiasError {
  return new MiasError("image-unreadable", path, `${path} ${what}`, { cause });
}
