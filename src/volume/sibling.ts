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
 * The file of voxels beside a header, which names it in its own text.
 * @throws MiasError `image-unreadable` where it cannot be read, `image-unsupported` where its name leads out of the folder
 */
export async function readNamedSibling(
  name: string,
  file: string,
  options: ReadVolumeOptions,
): Promise<Uint8Array> {
  // The name is the header's own text and may tell who the patient is: it is not repeated.
  const rule = "must have the file with its voxels beside it, as its header names it; copy both";
  return readFirst(name, [file], `${name} ${rule}`, options);
}

/**
 * The first of these files beside `name`, which are called after it.
 * @throws MiasError `image-unreadable` where none can be read, `image-unsupported` where a name leads out of the folder
 */
export async function readSibling(
  name: string,
  candidates: readonly [string, ...string[]],
  options: ReadVolumeOptions,
): Promise<Uint8Array> {
  const [first, ...others] = candidates;
  const also = others.length > 0 ? ` (or ${others.join(", ")})` : "";
  return readFirst(name, candidates, `${name} needs ${first}${also} beside it; copy both`, options);
}

async function readFirst(
  name: string,
  candidates: readonly string[],
  message: string,
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
  throw new MiasError("image-unreadable", name, message, { cause });
}

function isPlainName(file: string): boolean {
  return file.length > 0 && file.length < 256 && !/[\\/:]|\0/.test(file) && file !== "." && file !== "..";
}
