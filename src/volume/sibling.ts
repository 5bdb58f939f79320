import { MiasError } from "../errors.ts";
import { unsupportedVolume } from "./volume-errors.ts";

export interface ReadVolumeOptions {
  /** Which one of a file with several volumes (time points, echoes), from 0. @default 0, with an issue */
  readonly volumeIndex?: number;
  /**
   * Gives a file beside the one that is read, for headers whose voxels are in a file of their own (.hdr, .nhdr, .mhd).
   * It is asked for plain file names only, without a folder; it rejects where there is no such file.
   */
  readonly sibling?: (fileName: string) => Promise<Uint8Array>;
  readonly signal?: AbortSignal;
}

/**
 * The first of these files that is there.
 * @throws MiasError `image-unreadable` where none is, `image-unsupported` where a name leads out of the folder
 */
export async function readSibling(
  name: string,
  candidates: readonly string[],
  { sibling }: ReadVolumeOptions,
): Promise<Uint8Array> {
  if (!candidates.every((file) => isPlainName(file))) {
    throw unsupportedVolume(
      name,
      "must have its voxels in a file of its own folder, by its plain name; move it there",
    );
  }
  let cause: unknown;
  for (const file of sibling ? candidates : []) {
    try {
      return await (sibling as NonNullable<typeof sibling>)(file);
    } catch (error) {
      cause = error;
    }
  }
  if (cause instanceof MiasError) throw cause;
  // The name is the header's own text and may tell who the patient is: it is not repeated.
  const message = `${name} must have the file with its voxels beside it, as its header names it; copy both`;
  throw new MiasError("image-unreadable", name, message, { cause });
}

function isPlainName(file: string): boolean {
  return file.length > 0 && file.length < 256 && !/[\\/:]|\0/.test(file) && file !== "." && file !== "..";
}
