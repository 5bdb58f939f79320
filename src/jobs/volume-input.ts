import type { InputFile, StudyOrigin } from "../io/input-file.ts";
import type { NiftiHeader } from "../volume/nifti-header.ts";
import { niftiHeaderOf } from "../volume/read-nifti.ts";
import { readVolume } from "../volume/read-volume.ts";
import type { SourceSeries, Volume } from "../volume-types.ts";

/** A volume that is read when its turn comes, with what its format tells for results in the same form. */
export interface VolumeInput {
  readonly name: string;
  /** Changes when the content does; see ImageSource. */
  readonly stamp?: string;
  /** Where it was retrieved from, and where results of it are at home. */
  readonly origin?: StudyOrigin;
  read(signal?: AbortSignal): Promise<OpenVolume>;
}

export interface OpenVolume {
  readonly volume: Volume;
  /** Of a DICOM series. */
  readonly source?: SourceSeries;
  /** Of a NIfTI file. */
  readonly nifti?: NiftiHeader;
}

export interface VolumeFileOptions {
  /** Which volume of a file with several, from 0. @default the first, with an issue */
  readonly volumeIndex?: number;
  /** Gives the file beside the volume's, where its voxels are in another one. */
  readonly sibling?: (fileName: string) => Promise<Uint8Array>;
}

/** A NIfTI, NRRD or MetaImage file. */
export function volumeFile(file: InputFile, options: VolumeFileOptions): VolumeInput {
  return {
    name: file.name,
    ...(file.stamp === undefined ? {} : { stamp: `${file.stamp}, volume ${options.volumeIndex ?? 0}` }),
    read: async (signal) => {
      const bytes = await file.read(signal);
      const volume = await readVolume(file.name, bytes, options);
      const nifti = await niftiHeaderOf(file.name, bytes);
      return { volume, ...(nifti ? { nifti } : {}) };
    },
  };
}
