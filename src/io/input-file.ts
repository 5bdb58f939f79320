import { readFile, stat } from "node:fs/promises";
import { MiasError } from "../errors.ts";
import { systemErrorCode } from "./system-error.ts";

/** A file that a user named or that was found for one, wherever its bytes lie. */
export interface InputFile {
  /** What the user calls it: a path, or `archive.zip/path`. */
  readonly name: string;
  /** Changes when the content does; see ImageSource. */
  readonly stamp?: string;
  /** @throws MiasError `image-unreadable`; the signal's reason */
  read(signal?: AbortSignal): Promise<Uint8Array>;
}

/** A file of the disk. */
export async function diskFile(path: string): Promise<InputFile> {
  const status = await stat(path).catch(() => undefined);
  return {
    name: path,
    ...(status ? { stamp: `${status.size} ${status.mtimeMs}` } : {}),
    read: async (signal) => {
      try {
        return await readFile(path, signal === undefined ? {} : { signal });
      } catch (error) {
        signal?.throwIfAborted();
        const code = systemErrorCode(error);
        if (code === undefined) throw error;
        const message = `${path} cannot be read (${code}); check the path and the disk`;
        throw new MiasError("image-unreadable", path, message, { cause: error });
      }
    },
  };
}
