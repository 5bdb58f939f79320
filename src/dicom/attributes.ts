// Attributes of a data set by keyword, read by dcmjs. It is handed a copy of the elements that matter: pixels,
// overlays, curves and private elements are left out, and every length was checked before (elements.ts).

import dcmjs from "dcmjs";
import type { DicomAttributes } from "../volume-types.ts";
import { unreadableDicom } from "./dicom-errors.ts";
import type { DicomFile } from "./dicom-file.ts";
import { type Element, PIXEL_DATA, tagText } from "./elements.ts";

dcmjs.log.setLevel("silent", false);
dcmjs.log.getLogger("validation.dcmjs").setLevel("silent", false);

/** Meta information by itself (PS3.10 7.1): a group length and the transfer syntax, in explicit little endian. */
const META_HEADER = 128 + 4 + 12;
/** The group of the pixels; nothing that follows it is an attribute. */
const PIXEL_GROUP = PIXEL_DATA >>> 16;

/**
 * The attributes of a file by DICOM keyword, as dcmjs names and gives them: one value by itself, several as an array,
 * sequences as arrays of records.
 * @throws MiasError `image-unreadable` where dcmjs cannot read one of them
 */
export function readAttributes(name: string, file: DicomFile): DicomAttributes {
  const kept = file.elements.filter(isKept);
  const dataset = readDataset(name, file, kept);
  const missing = kept.find(
    ({ tag }) => dataset[tag.toString(16).padStart(8, "0").toUpperCase()] === undefined,
  );
  if (missing) throw damagedAttribute(name, tagText(missing.tag));
  try {
    return dcmjs.data.DicomMetaDictionary.naturalizeDataset(dataset);
  } catch (cause) {
    throw damagedAttribute(name, "its attributes", cause);
  }
}

function isKept({ tag }: Element): boolean {
  const group = tag >>> 16;
  const isPrivate = group % 2 === 1;
  const isCurve = group >= 0x5000 && group < 0x5100;
  const isOverlay = group >= 0x6000 && group < 0x6100;
  const isGroupLength = (tag & 0xffff) === 0;
  return !isPrivate && !isCurve && !isOverlay && !isGroupLength && group < PIXEL_GROUP;
}

function damagedAttribute(name: string, what: string, cause?: unknown): Error {
  return unreadableDicom(
    name,
    `must have attributes that can be read, but ${what} cannot; copy or export it again`,
    cause,
  );
}

/** What dcmjs makes of the elements; it stops at the first one that it cannot read. */
function readDataset(name: string, file: DicomFile, kept: readonly Element[]) {
  try {
    return dcmjs.data.DicomMessage.readFile(fileOf(file, kept), { ignoreErrors: true, noCopy: true }).dict;
  } catch (cause) {
    throw damagedAttribute(name, "its data set", cause);
  }
}

/** A file of these elements alone, in the encoding of their data set, inflated. */
function fileOf({ syntax, dataset }: DicomFile, kept: readonly Element[]): ArrayBuffer {
  const uid = syntax.deflated ? "1.2.840.10008.1.2.1" : syntax.uid;
  const padded = uid.length % 2 === 0 ? uid : `${uid}\0`;
  const start = META_HEADER + 8 + padded.length;
  const bytes = new Uint8Array(kept.reduce((sum, element) => sum + element.end - element.start, start));
  const view = new DataView(bytes.buffer);
  bytes.set(asciiOf("DICM"), 128);
  bytes.set([2, 0, 0, 0, ...asciiOf("UL"), 4, 0], 132);
  view.setUint32(140, 8 + padded.length, true);
  bytes.set([2, 0, 0x10, 0, ...asciiOf("UI"), padded.length, 0, ...asciiOf(padded)], META_HEADER);
  let at = start;
  for (const element of kept) {
    bytes.set(dataset.subarray(element.start, element.end), at);
    at += element.end - element.start;
  }
  return bytes.buffer;
}

function asciiOf(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0));
}
