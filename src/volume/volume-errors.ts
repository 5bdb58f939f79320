import { MiasError } from "../errors.ts";
import type { VolumeSize } from "../volume-types.ts";

/** Most voxels a volume may have: 2^29, that is 512 x 512 x 2048. */
export const MAX_VOXELS = 2 ** 29;

/** A file whose bytes break the rules of its format. */
export function damagedVolume(name: string, format: string, reason: string, cause?: unknown): MiasError {
  const message = `${name} is damaged or cut short (${format}: ${reason}); copy or export it again`;
  return new MiasError("image-unreadable", name, message, { cause });
}

/** A sound file that holds something this version does not read. `what` goes on from the file's name. */
export function unsupportedVolume(name: string, what: string, cause?: unknown): MiasError {
  return new MiasError("image-unsupported", name, `${name} ${what}`, { cause });
}

/** A header whose place in the world cannot be used, and that tells no other. */
export function unplacedVolume(name: string, rule: string): MiasError {
  return new MiasError("image-unreadable", name, `${name} ${rule}; mend its header or export it again`);
}

/** Throws unless a volume of this size, as its header claims, may be read. */
export function requireSize(name: string, format: string, size: VolumeSize): void {
  const text = size.join(" x ");
  if (!size.every((side) => Number.isSafeInteger(side) && side >= 1)) {
    throw damagedVolume(name, format, `every side must be at least 1 voxel, got ${text}`);
  }
  const voxels = size[0] * size[1] * size[2];
  if (voxels > MAX_VOXELS) {
    throw unsupportedVolume(name, `must have at most ${MAX_VOXELS} voxels, got ${text} = ${voxels}; crop it`);
  }
}
