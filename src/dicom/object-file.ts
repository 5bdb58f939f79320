// A DICOM file (PS3.10) of what was made here: Explicit VR Little Endian, texts in UTF-8. dcmjs writes all but the
// pixels; these are written into their place in the file, so that maps of 600 slices are in memory once.
//
// UIDs depend on the content. They all have the same length, so the file is first laid out with placeholders; then the
// pixels are drawn and hashed, and the head is written again with the UIDs.

import { data } from "dcmjs";
import { MiasError } from "../errors.ts";
import { assert } from "../util/assert.ts";
import { blockwiseSha256Hex } from "../util/sha256.ts";
import { PROGRAM, VERSION } from "../version.ts";
import { type DicomItem, elementsOf, entryOf } from "./object-elements.ts";
import { PLACEHOLDER_UID, uidOf } from "./object-uid.ts";

/** The UID of this object that plays a role, e.g. `series`. */
export type UidOfRole = (role: string) => string;

export interface ObjectPlan {
  /** All attributes but the pixels, with SOPClassUID and SOPInstanceUID. */
  readonly describe: (uid: UidOfRole) => DicomItem;
  readonly pixels: {
    readonly keyword: "PixelData" | "FloatPixelData";
    readonly vr: "OB" | "OW" | "OF";
    readonly byteLength: number;
    /** Writes them into `bytes`, which is zero. */
    readonly draw: (bytes: Uint8Array) => void;
  };
}

const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
/** Of this program, for ever: a random UUID. */
const IMPLEMENTATION_CLASS = "2.25.270062265757974933227822688886797153353";
/** Lengths are 32 bits, even, and not the largest. */
const MOST_PIXEL_BYTES = 2 ** 32 - 4;

/**
 * The file. Same plan, same version: the same bytes.
 * @throws MiasError `output-unwritable` where the pixels exceed what a DICOM element holds, 4 GiB
 */
export async function encodeObject(name: string, { describe, pixels }: ObjectPlan): Promise<Uint8Array> {
  if (pixels.byteLength > MOST_PIXEL_BYTES) throw tooLarge(name, pixels.byteLength);
  const roles = new Set<string>();
  const draft = describe((role) => {
    roles.add(role);
    return PLACEHOLDER_UID;
  });
  const pixelHead = headOfPixels(pixels);
  const start = headOfFile(draft).length + pixelHead.length;
  const file = new Uint8Array(start + evenly(pixels.byteLength));
  pixels.draw(file.subarray(start, start + pixels.byteLength));
  const content = [VERSION, JSON.stringify(draft), await blockwiseSha256Hex(file.subarray(start))];
  const uids = await uidsOf(roles, content.join("\n"));
  const head = headOfFile(describe((role) => uids.get(role) as string));
  assert(head.length + pixelHead.length === start, "UIDs have the length of their placeholders");
  file.set(head);
  file.set(pixelHead, head.length);
  return file;
}

async function uidsOf(roles: Iterable<string>, content: string): Promise<ReadonlyMap<string, string>> {
  const digest = await uidOf(content);
  const named = [...roles].map(async (role) => [role, await uidOf(`${digest} ${role}`)] as const);
  return new Map(await Promise.all(named));
}

function headOfFile(item: DicomItem): Uint8Array {
  const dict = new data.DicomDict(
    elementsOf({
      FileMetaInformationVersion: Uint8Array.of(0, 1),
      MediaStorageSOPClassUID: item.SOPClassUID,
      MediaStorageSOPInstanceUID: item.SOPInstanceUID,
      TransferSyntaxUID: EXPLICIT_LITTLE_ENDIAN,
      ImplementationClassUID: IMPLEMENTATION_CLASS,
      ImplementationVersionName: PROGRAM.replace(/[^\w.]/g, "_").slice(0, 16),
    }),
  );
  dict.dict = elementsOf({ ...item, SpecificCharacterSet: "ISO_IR 192" });
  // What comes from the source is written as it is, even where it is longer than it may be.
  return new Uint8Array(dict.write({ allowInvalidVRLength: true }));
}

/** Tag, value representation and length of the pixels' element (PS3.5, 7.1.2). */
function headOfPixels({ keyword, vr, byteLength }: ObjectPlan["pixels"]): Uint8Array {
  const head = new Uint8Array(12);
  const view = new DataView(head.buffer);
  const { tag } = entryOf(keyword);
  view.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), true);
  view.setUint16(2, Number.parseInt(tag.slice(4), 16), true);
  head.set(new TextEncoder().encode(vr), 4);
  view.setUint32(8, evenly(byteLength), true);
  return head;
}

function evenly(length: number): number {
  return length + (length % 2);
}

function tooLarge(name: string, bytes: number): MiasError {
  const text = `${name} must have at most ${MOST_PIXEL_BYTES} bytes of pixels as a DICOM object, got ${bytes}; write NIfTI`;
  return new MiasError("output-unwritable", name, text);
}
