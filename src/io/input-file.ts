import { readFile, stat } from "node:fs/promises";
import { MiasError } from "../errors.ts";
import { systemErrorCode } from "./system-error.ts";

/** The study of a DICOMweb server. */
export interface StudyOrigin {
  /** Of the service: `https://host/dicom-web`. */
  readonly root: string;
  /** Its UID. */
  readonly study: string;
}

/** A file that a user named or that was found for one, wherever its bytes lie. */
export interface InputFile {
  /** What the user calls it: a path, or `archive.zip/path`; of what was retrieved, a name made for it. */
  readonly name: string;
  /** Changes when the content does; see ImageSource. */
  readonly stamp?: string;
  /** Where it was retrieved from, unless it is the user's own file. */
  readonly origin?: StudyOrigin;
  /** @throws MiasError `image-unreadable`; the signal's reason */
  read(signal?: AbortSignal): Promise<Uint8Array>;
}

/** A file of the disk. */
export async function diskFile(path: string): Promise<InputFile> {
  const status = await stat(path).catch(() => undefined);
  return {
    name: path,
    ...(status ? { stamp: `${status.size} ${status.mtimeMs}` } : {}),
    read: (signal) => readFrom(path, path, signal),
  };
}

/** Reads a file of the disk that messages call `name`. @throws MiasError `image-unreadable`; the signal's reason */
export async function readFrom(path: string, name: string, signal?: AbortSignal): Promise<Uint8Array> {
  try {
    return await readFile(path, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    const message = `${name} cannot be read (${code}); check the path and the disk`;
    throw new MiasError("image-unreadable", name, message, { cause: error });
  }
}
