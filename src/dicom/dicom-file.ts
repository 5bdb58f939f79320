// A DICOM file (PS3.10) taken apart: preamble, file meta information, data set. Files without a preamble or without
// meta information, as old archives hold them, are read too: how they are written shows in their first element.

import { unreadableDicom, unsupportedDicom } from "./dicom-errors.ts";
import { type DatasetEncoding, type Element, findElements, findMetaElements } from "./elements.ts";
import { inflateDataset } from "./inflate-dataset.ts";
import { EXPLICIT_LITTLE_ENDIAN, type TransferSyntax, transferSyntaxOf } from "./transfer-syntax.ts";

export interface DicomFile {
  readonly syntax: TransferSyntax;
  /** How the data set is written: as the transfer syntax says. */
  readonly encoding: DatasetEncoding;
  /** Inflated where it was deflated; else a view of the file's bytes. */
  readonly dataset: Uint8Array;
  /** Top-level elements of the data set, in order. */
  readonly elements: readonly Element[];
}

const PREAMBLE = 128;
const TRANSFER_SYNTAX_UID = 0x00020010;

/** Whether bytes look like a DICOM file with its preamble. */
export function hasDicomPreamble(bytes: Uint8Array): boolean {
  return bytes.length >= PREAMBLE + 4 && textOf(bytes, PREAMBLE, PREAMBLE + 4) === "DICM";
}

/**
 * Takes a DICOM file apart. No pixel is read and nothing allocated by what the file claims.
 * @throws MiasError `image-unreadable` where it is no DICOM file, damaged or cut short; `image-unsupported` where its
 *   transfer syntax is not read
 */
export function openDicomFile(name: string, file: Uint8Array): DicomFile {
  // A Buffer of Node is a Uint8Array whose slice() does not copy.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  const start = hasDicomPreamble(bytes) ? PREAMBLE + 4 : 0;
  requireDicomStart(name, bytes, start);
  const meta = findMetaElements(name, bytes, start);
  const datasetStart = meta.length === 0 ? start : meta[meta.length - 1].end;
  const syntax = readSyntax(name, bytes, meta) ?? guessSyntax(bytes.subarray(datasetStart));
  const written = bytes.subarray(datasetStart);
  const dataset = syntax.deflated ? inflateDataset(name, written) : written;
  const elements = findElements(name, dataset, syntax.encoding);
  return { syntax, encoding: syntax.encoding, dataset, elements };
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}

/** The first group of any data set is 0002 (meta) or 0008 (or 0004 in old DICOMDIRs). */
function requireDicomStart(name: string, bytes: Uint8Array, start: number): void {
  const groups = [bytes[start], bytes[start + 1]].sort((a, b) => a - b);
  if (bytes.length >= start + 8 && groups[0] === 0 && [2, 4, 8].includes(groups[1])) return;
  throw unreadableDicom(name, "must be a DICOM file, but its first bytes are not those of one; leave it out");
}

function readSyntax(name: string, bytes: Uint8Array, meta: readonly Element[]): TransferSyntax | undefined {
  const element = meta.find(({ tag }) => tag === TRANSFER_SYNTAX_UID);
  if (!element) return undefined;
  const uid = textOf(bytes, element.valueStart, Math.min(element.end, element.valueStart + 64)).replace(
    /[\0 ]+$/,
    "",
  );
  const syntax = transferSyntaxOf(uid);
  if (syntax) return syntax;
  const got = /^[0-9.]+$/.test(uid) ? uid : "other text";
  throw unsupportedDicom(
    name,
    `must have a transfer syntax that is read here, got ${got}; export it uncompressed`,
  );
}

/** Without meta information: explicit where two letters stand after the first tag; big endian by its group. */
function guessSyntax(dataset: Uint8Array): TransferSyntax {
  const letters = textOf(dataset, 4, 6);
  if (!/^[A-Z]{2}$/.test(letters)) return transferSyntaxOf("1.2.840.10008.1.2") ?? EXPLICIT_LITTLE_ENDIAN;
  const bigEndian = dataset[0] === 0;
  return (bigEndian ? transferSyntaxOf("1.2.840.10008.1.2.2") : undefined) ?? EXPLICIT_LITTLE_ENDIAN;
}
