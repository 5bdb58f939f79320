import { constants, gunzipSync } from "node:zlib";
import { READABLE_FORMATS, unsupportedImage } from "./image-errors.ts";
import { type ImageFormat, sniffForeign, sniffImage } from "./sniff-format.ts";

/**
 * The format of an image by the first bytes of its file.
 * Throws MiasError `image-unsupported` for anything else, by name where it is known.
 */
export function requireImageFormat(head: Uint8Array, name: string): ImageFormat {
  const format = sniffImage(head);
  if (format !== undefined) return format;
  const known = sniffForeign(head);
  const foreign = known === "gzip" && isCompressedNifti(head) ? "NIfTI" : known;
  const what = foreign === undefined ? "is not an image that is known here" : `is a ${foreign} file`;
  const list = name.endsWith(".txt") ? `, or write @${name} if it lists images` : "";
  throw unsupportedImage(
    name,
    `${what}; this version reads ${READABLE_FORMATS}; convert it to one of these${list}`,
  );
}

/** Whether a gzip stream, of which only the start is known, begins as a NIfTI volume. */
function isCompressedNifti(head: Uint8Array): boolean {
  try {
    const start = gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
    return sniffForeign(start) === "NIfTI";
  } catch {
    // A broken gzip stream is no volume either; it is reported as gzip.
    return false;
  }
}
