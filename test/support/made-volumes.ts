// Tiny files of volumes, written field by field, so that tests can break one of them.

import type { VolumeSize } from "../../src/volume-types.ts";

export interface NiftiFields {
  readonly size?: readonly number[];
  readonly datatype?: number;
  readonly bits?: number;
  readonly pixDims?: readonly number[];
  readonly sformCode?: number;
  readonly rows?: readonly number[];
  readonly slope?: number;
  readonly voxOffset?: number;
}

/** A little-endian NIfTI-1 file with an sform of 1 mm; `voxels` are its bytes. */
export function niftiFile(voxels: Uint8Array, fields: NiftiFields = {}): Uint8Array {
  const bytes = new Uint8Array(352 + voxels.length);
  const view = new DataView(bytes.buffer);
  const { size = [2, 2, 2], datatype = 2, bits = 8, pixDims = [1, 1, 1, 1], sformCode = 1 } = fields;
  const { rows = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], slope = 1, voxOffset = 352 } = fields;
  view.setInt32(0, 348, true);
  for (const [i, side] of [size.length, ...size].entries()) view.setInt16(40 + 2 * i, side, true);
  view.setInt16(70, datatype, true);
  view.setInt16(72, bits, true);
  for (const [i, value] of pixDims.entries()) view.setFloat32(76 + 4 * i, value, true);
  view.setFloat32(108, voxOffset, true);
  view.setFloat32(112, slope, true);
  view.setUint8(123, 2);
  view.setInt16(254, sformCode, true);
  for (const [i, value] of rows.entries()) view.setFloat32(280 + 4 * i, value, true);
  bytes.set([0x6e, 0x2b, 0x31], 344);
  bytes.set(voxels, 352);
  return bytes;
}

/** A text header and the bytes after it. */
export function textFile(lines: readonly string[], voxels: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
  const bytes = new Uint8Array(text.length + voxels.length);
  bytes.set(text);
  bytes.set(voxels, text.length);
  return bytes;
}

/** Lines of an attached NRRD header, each replaced where `changes` has its field. */
export function nrrdLines(changes: Readonly<Record<string, string>> = {}): string[] {
  const fields = {
    type: "uchar",
    dimension: "3",
    space: "left-posterior-superior",
    sizes: "2 2 2",
    "space directions": "(1,0,0) (0,1,0) (0,0,1)",
    encoding: "raw",
    "space origin": "(0,0,0)",
    ...changes,
  };
  return ["NRRD0004", ...Object.entries(fields).map(([key, text]) => `${key}: ${text}`), ""];
}

/** Lines of an .mha header, each replaced where `changes` has its field. */
export function metaImageLines(changes: Readonly<Record<string, string>> = {}): string[] {
  const fields = {
    ObjectType: "Image",
    NDims: "3",
    BinaryData: "True",
    BinaryDataByteOrderMSB: "False",
    CompressedData: "False",
    TransformMatrix: "1 0 0 0 1 0 0 0 1",
    Offset: "0 0 0",
    ElementSpacing: "1 1 1",
    DimSize: "2 2 2",
    ElementType: "MET_UCHAR",
    ElementDataFile: "LOCAL",
    ...changes,
  };
  return Object.entries(fields).map(([key, text]) => `${key} = ${text}`);
}

/** All affines whose axes are the patient's in any order and sense: 48 of them, with these spacings. */
export function axisAffines(spacing: readonly number[], size: VolumeSize): number[][] {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  return orders.flatMap((order) =>
    Array.from({ length: 8 }, (_, signs) => {
      const affine = new Array<number>(16).fill(0);
      affine[15] = 1;
      for (const [axis, patient] of order.entries()) {
        const sign = (signs >> axis) & 1 ? -1 : 1;
        affine[4 * patient + axis] = sign * spacing[axis];
        affine[4 * patient + 3] = sign < 0 ? spacing[axis] * (size[axis] - 1) : 0;
      }
      return affine;
    }),
  );
}
