import type { Volume } from "../volume-types.ts";
import { firstBytes, isGzip } from "./byte-flow.ts";
import { isMetaImage } from "./metaimage-header.ts";
import { isAnalyze, isNifti, NIFTI_HEADER_BYTES } from "./nifti-header.ts";
import { isNrrd } from "./nrrd-header.ts";
import { readMetaImage } from "./read-metaimage.ts";
import { readNifti } from "./read-nifti.ts";
import { readNrrd } from "./read-nrrd.ts";
import { shearIssues } from "./sheared-axes.ts";
import type { ReadVolumeOptions } from "./sibling.ts";
import { damagedVolume, unsupportedVolume } from "./volume-errors.ts";

export type VolumeFormat = "nifti" | "nrrd" | "metaimage";

/** What is told by its content, of a file's first bytes: 1024 are enough, 64 KiB of a compressed one. */
export async function volumeFormatOf(bytes: Uint8Array): Promise<VolumeFormat | undefined> {
  if (isNifti(await headOf(bytes))) return "nifti";
  if (isNrrd(bytes)) return "nrrd";
  return isMetaImage(bytes) ? "metaimage" : undefined;
}

function headOf(bytes: Uint8Array): Promise<Uint8Array> {
  return firstBytes(bytes, isGzip(bytes) ? "gzip" : "none", NIFTI_HEADER_BYTES);
}

/**
 * Reads a volume of NIfTI-1 or -2, NRRD or MetaImage, told apart by content. Voxels keep the file's order; the affine
 * is LPS in mm. Memory: the voxels, and the file's bytes.
 * @param name what the user calls it; the path of a header whose voxels are beside it
 * @throws MiasError `image-unreadable` where it is damaged, cut short, or has no usable place or voxel;
 * `image-unsupported` where it is of another format or kind; `usage` where there is no such volume index
 */
export async function readVolume(
  name: string,
  bytes: Uint8Array,
  options: ReadVolumeOptions = {},
): Promise<Volume> {
  const volume = await readKnown(name, bytes, options);
  return { ...volume, issues: [...volume.issues, ...shearIssues(volume)] };
}

async function readKnown(name: string, bytes: Uint8Array, options: ReadVolumeOptions): Promise<Volume> {
  const format = await volumeFormatOf(bytes);
  if (format === "nifti") return readNifti(name, bytes, options);
  if (format === "nrrd") return readNrrd(name, bytes, options);
  if (format === "metaimage") return readMetaImage(name, bytes, options);
  if (isAnalyze(await headOf(bytes))) {
    throw unsupportedVolume(
      name,
      "is an Analyze 7.5 file, which does not tell left from right; convert it to NIfTI",
    );
  }
  if (isGzip(bytes)) throw damagedVolume(name, "gzip", "no header of NIfTI can be decompressed");
  throw unsupportedVolume(name, "is no volume that this version reads (NIfTI, NRRD, MetaImage); convert it");
}
