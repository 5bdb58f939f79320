// The SOP Instance UID of a DICOM file, from its file meta information (PS3.10, 7.1): 128 bytes, "DICM", then elements
// of group 0002, always explicit VR little endian. It tells which of the asked for instances a server has sent, without
// reading the data set.

import { isUid, LONGEST_UID } from "./uid.ts";

const MAGIC_AT = 128;
const MAGIC = 0x4d434944; // "DICM", little endian
const META_GROUP = 0x0002;
const MEDIA_STORAGE_SOP_INSTANCE_UID = 0x0003;
/** These have two reserved bytes and a length of four after their VR; all others a length of two. */
const LONG_FORM = new Set(["OB", "OW", "OF", "OD", "OL", "OV", "SQ", "UC", "UR", "UT", "UN"]);

/** The UID, or undefined where the bytes are no DICOM file or end before it is told. */
export function sopInstanceUidOf(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < MAGIC_AT + 4 || view.getUint32(MAGIC_AT, true) !== MAGIC) return undefined;
  let at = MAGIC_AT + 4;
  while (at + 12 <= view.byteLength && view.getUint16(at, true) === META_GROUP) {
    const element = view.getUint16(at + 2, true);
    const long = LONG_FORM.has(asciiAt(bytes, at + 4, 2));
    const length = long ? view.getUint32(at + 8, true) : view.getUint16(at + 6, true);
    const value = at + (long ? 12 : 8);
    if (element === MEDIA_STORAGE_SOP_INSTANCE_UID) return uidAt(bytes, value, length);
    at = value + length;
  }
  return undefined;
}

/** UIDs are padded to an even length with a zero byte; some write a space. */
function uidAt(bytes: Uint8Array, at: number, length: number): string | undefined {
  if (length > LONGEST_UID || at + length > bytes.length) return undefined;
  const uid = asciiAt(bytes, at, length).replace(/[\0 ]+$/, "");
  return isUid(uid) ? uid : undefined;
}

function asciiAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
