import { MiasError } from "../errors.ts";

/** A file whose bytes break the rules of DICOM. `what` goes on from the file's name and ends with what to do. */
export function unreadableDicom(name: string, what: string, cause?: unknown): MiasError {
  return new MiasError("image-unreadable", name, `${name} ${what}`, { cause });
}

/** A sound file that holds no image, or one that this version does not read. */
export function unsupportedDicom(name: string, what: string, cause?: unknown): MiasError {
  return new MiasError("image-unsupported", name, `${name} ${what}`, { cause });
}

/** A file that ends, or holds an item that ends, too early. */
export function truncatedDicom(name: string, what: string, needed: number, have: number): MiasError {
  return unreadableDicom(
    name,
    `is cut short: ${what} must have ${needed} bytes, got ${have}; copy or export it again`,
  );
}
