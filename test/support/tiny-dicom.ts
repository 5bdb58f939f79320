// A DICOM file of a few elements (Secondary Capture or MR, explicit VR little endian), put together byte by byte, so that
// tests need neither data nor a library. Pixel data come last.

import { Buffer } from "node:buffer";

export interface TinyDicom {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  /** Of the instance in its series. @default 1 */
  readonly number?: number;
  /** 16 bits each, row by row. @default four pixels in two rows */
  readonly pixels?: Uint16Array;
  readonly columns?: number;
  /** Makes it an MR slice at a place in the patient. */
  readonly place?: SlicePlace;
}

/** LPS, in mm. */
export interface SlicePlace {
  /** Of the first pixel's centre. */
  readonly position: readonly number[];
  /** Along rows, then along columns. */
  readonly orientation: readonly number[];
  /** Between rows, between columns. */
  readonly spacing: readonly number[];
  readonly frameOfReference: string;
}

const MR_IMAGE = "1.2.840.10008.5.1.4.1.1.4";
const SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";
const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";

export function tinyDicom(file: TinyDicom): Uint8Array {
  const { pixels = Uint16Array.of(0, 1, 256, 4095), columns = 2, place } = file;
  const sopClass = place ? MR_IMAGE : SECONDARY_CAPTURE;
  const meta = Buffer.concat([
    element(0x0002, 0x0001, "OB", Buffer.from([0, 1])),
    element(0x0002, 0x0002, "UI", sopClass),
    element(0x0002, 0x0003, "UI", file.instance),
    element(0x0002, 0x0010, "UI", EXPLICIT_LITTLE_ENDIAN),
    element(0x0002, 0x0012, "UI", "1.2.3.4"),
  ]);
  const data = [
    element(0x0008, 0x0016, "UI", sopClass),
    element(0x0008, 0x0018, "UI", file.instance),
    element(0x0008, 0x0060, "CS", place ? "MR" : "OT"),
    element(0x0010, 0x0010, "PN", "Planted^Name"),
    element(0x0010, 0x0020, "LO", "PLANTED-ID"),
    element(0x0020, 0x000d, "UI", file.study),
    element(0x0020, 0x000e, "UI", file.series),
    element(0x0020, 0x0013, "IS", `${file.number ?? 1}`),
    ...(place ? placeElements(place) : []),
    element(0x0028, 0x0002, "US", short(1)),
    element(0x0028, 0x0004, "CS", "MONOCHROME2"),
    element(0x0028, 0x0010, "US", short(pixels.length / columns)),
    element(0x0028, 0x0011, "US", short(columns)),
    ...(place ? [element(0x0028, 0x0030, "DS", place.spacing.join("\\"))] : []),
    element(0x0028, 0x0100, "US", short(16)),
    element(0x0028, 0x0101, "US", short(16)),
    element(0x0028, 0x0102, "US", short(15)),
    element(0x0028, 0x0103, "US", short(0)),
    element(0x7fe0, 0x0010, "OW", Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength)),
  ];
  const head = [Buffer.alloc(128), Buffer.from("DICM"), element(0x0002, 0x0000, "UL", long(meta.length))];
  return new Uint8Array(Buffer.concat([...head, meta, ...data]));
}

function placeElements({ position, orientation, frameOfReference }: SlicePlace): Buffer[] {
  return [
    element(0x0020, 0x0032, "DS", position.join("\\")),
    element(0x0020, 0x0037, "DS", orientation.join("\\")),
    element(0x0020, 0x0052, "UI", frameOfReference),
  ];
}

function element(group: number, number: number, vr: string, value: string | Buffer): Buffer {
  const padding = vr === "UI" ? "\0" : " ";
  const text = typeof value === "string" ? Buffer.from(value.length % 2 ? value + padding : value) : value;
  const length = vr === "OB" || vr === "OW" ? [short(0), long(text.length)] : [short(text.length)];
  return Buffer.concat([short(group), short(number), Buffer.from(vr), ...length, text]);
}

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
