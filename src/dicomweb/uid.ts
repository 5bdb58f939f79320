// Numbers with dots, at most 64 characters (PS3.5, 9.1). Components with leading zeros break the standard, but scanners
// have written them, and a study with one can be asked for like any other.
const UID = /^\d+(?:\.\d+)+$/;
export const LONGEST_UID = 64;
const SHOWN = 8;

/** Whether a text can be a DICOM UID. */
export function isUid(text: string): boolean {
  return text.length <= LONGEST_UID && UID.test(text);
}

/** A UID as messages show it: its end, which tells series and instances apart. */
export function shortUid(uid: string): string {
  return uid.length <= SHOWN ? uid : `…${uid.slice(-SHOWN)}`;
}
