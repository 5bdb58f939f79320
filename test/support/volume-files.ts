// Made volumes as the files that users have: NIfTI, and folders of DICOM slices.

import { type HeadVolumeOptions, headVolume } from "../../src/phantom/volume.ts";
import { encodeNifti } from "../../src/volume/encode-nifti.ts";
import type { Volume } from "../../src/volume-types.ts";
import { writeBelow } from "./phantom-fixture.ts";
import { tinyDicom } from "./tiny-dicom.ts";

/** Few and small slices: the tests are about files, not about the quality of masks. */
const SMALL = { size: 96, slices: 6, spacing: 4 } as const;

export function smallHead(options: HeadVolumeOptions): ReturnType<typeof headVolume> {
  return headVolume({ ...SMALL, ...options });
}

/** Writes a volume as NAME.nii.gz below `root`, and returns its path. */
export function writeNifti(root: string, name: string, { data, size, geometry }: Volume): string {
  return writeBelow(root, `${name}.nii.gz`, encodeNifti(Uint16Array.from(data), size, geometry));
}

/** Writes a volume as a folder of DICOM slices below `root`, named against their order, and returns its path. */
export function writeDicomSeries(root: string, name: string, { data, size, geometry }: Volume): string {
  const [columns, rows, slices] = size;
  const { affine = [], spacing } = geometry;
  const column = (axis: number) => [affine[axis], affine[4 + axis], affine[8 + axis]];
  const direction = (axis: number) => column(axis).map((value) => value / spacing[axis]);
  const uid = `1.2.826.0.1.3680043.8.498.77.${[...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 1e9}`;
  for (let z = 0; z < slices; z++) {
    const position = column(3).map((value, i) => value + z * column(2)[i]);
    const file = tinyDicom({
      ...{ study: `${uid}.1`, series: `${uid}.2`, instance: `${uid}.3.${z + 1}`, number: z + 1 },
      pixels: Uint16Array.from(data.subarray(z * columns * rows, (z + 1) * columns * rows)),
      columns,
      place: {
        position,
        orientation: [...direction(0), ...direction(1)],
        spacing: [spacing[1], spacing[0]],
        frameOfReference: `${uid}.4`,
      },
    });
    writeBelow(root, `${name}/IM${slices - z}`, file);
  }
  return `${root}/${name}`;
}
