import { MiasError } from "../errors.ts";

/** Most pixels an image may have: 2^28, about 268 megapixels (16,384 x 16,384). */
export const MAX_PIXELS = 2 ** 28;

/** What this version reads, as told to the user. */
export const READABLE_FORMATS = "PNG, JPEG, TIFF, WebP and BMP";

/** A file whose bytes break the rules of its format. */
export function damagedImage(name: string, format: string, reason: string, cause?: unknown): MiasError {
  const message = `${name} is damaged or cut short (${format}: ${reason}); copy or export it again`;
  return new MiasError("image-unreadable", name, message, { cause });
}

/** A sound file that holds something this version does not read. `what` goes on from the file's name. */
export function unsupportedImage(name: string, what: string, cause?: unknown): MiasError {
  return new MiasError("image-unsupported", name, `${name} ${what}`, { cause });
}

/** Throws unless an image of this size, as its header claims, may be decoded. */
export function requireReadableSize(name: string, format: string, width: number, height: number): void {
  if (!(width >= 1 && height >= 1)) {
    throw damagedImage(name, format, `width and height must be at least 1, got ${width} x ${height}`);
  }
  if (width * height > MAX_PIXELS) {
    const rule = `must have at most ${MAX_PIXELS} pixels, got ${width} x ${height} = ${width * height}`;
    throw unsupportedImage(name, `${rule}; crop it or make it smaller`);
  }
}
