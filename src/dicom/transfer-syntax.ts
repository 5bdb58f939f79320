// Transfer syntaxes by UID (DICOM PS3.5 annex A, PS3.6 table A-1): how the data set is written and which decoder its
// frames need. One that is missing here is refused by its UID.

import type { DatasetEncoding } from "./elements.ts";

export type CodecName =
  | "native"
  | "rle"
  | "jpeg-baseline"
  | "jpeg-extended"
  | "jpeg-lossless"
  | "jpeg-ls"
  | "jpeg-2000"
  | "htj2k";

export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly encoding: DatasetEncoding;
  readonly deflated: boolean;
  readonly codec: CodecName;
}

const EXPLICIT: DatasetEncoding = { implicit: false, littleEndian: true };

function encapsulated(uid: string, name: string, codec: CodecName): TransferSyntax {
  return { uid, name, encoding: EXPLICIT, deflated: false, codec };
}

function native(uid: string, name: string, encoding: DatasetEncoding, deflated = false): TransferSyntax {
  return { uid, name, encoding, deflated, codec: "native" };
}

export const EXPLICIT_LITTLE_ENDIAN = native("1.2.840.10008.1.2.1", "Explicit VR Little Endian", EXPLICIT);

const ALL: readonly TransferSyntax[] = [
  native("1.2.840.10008.1.2", "Implicit VR Little Endian", { implicit: true, littleEndian: true }),
  EXPLICIT_LITTLE_ENDIAN,
  native("1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian", EXPLICIT, true),
  native("1.2.840.10008.1.2.2", "Explicit VR Big Endian", { implicit: false, littleEndian: false }),
  encapsulated("1.2.840.10008.1.2.5", "RLE Lossless", "rle"),
  encapsulated("1.2.840.10008.1.2.4.50", "JPEG Baseline", "jpeg-baseline"),
  encapsulated("1.2.840.10008.1.2.4.51", "JPEG Extended", "jpeg-extended"),
  encapsulated("1.2.840.10008.1.2.4.57", "JPEG Lossless", "jpeg-lossless"),
  encapsulated("1.2.840.10008.1.2.4.70", "JPEG Lossless SV1", "jpeg-lossless"),
  encapsulated("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless", "jpeg-ls"),
  encapsulated("1.2.840.10008.1.2.4.81", "JPEG-LS Near-lossless", "jpeg-ls"),
  encapsulated("1.2.840.10008.1.2.4.90", "JPEG 2000 Lossless", "jpeg-2000"),
  encapsulated("1.2.840.10008.1.2.4.91", "JPEG 2000", "jpeg-2000"),
  encapsulated("1.2.840.10008.1.2.4.201", "HTJ2K Lossless", "htj2k"),
  encapsulated("1.2.840.10008.1.2.4.202", "HTJ2K Lossless RPCL", "htj2k"),
  encapsulated("1.2.840.10008.1.2.4.203", "HTJ2K", "htj2k"),
];

const BY_UID: ReadonlyMap<string, TransferSyntax> = new Map(ALL.map((syntax) => [syntax.uid, syntax]));

/** The transfer syntax of this UID, where this version reads it. */
export function transferSyntaxOf(uid: string): TransferSyntax | undefined {
  return BY_UID.get(uid);
}
