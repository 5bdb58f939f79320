// Looks for planted values of a patient in what a run leaves: in plain bytes, and in what is packed in them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { filesBelow } from "./folder-content.ts";
import { PLANTED } from "./phantom-series.ts";

/** Values as they are, their words, and dates as people write them; all in lower case. */
const NEEDLES: readonly string[] = [
  ...new Set(
    [...Object.values(PLANTED), "1933-12-24", "24.12.1933"].flatMap((value) => [
      value,
      ...value.split(/[\^ ]/).filter((word) => word.length > 5),
    ]),
  ),
].map((needle) => needle.toLowerCase());

/** What of the planted values is found in a text, or in bytes of one byte or two a letter. */
export function plantedIn(content: string | Uint8Array): string[] {
  const bytes = Buffer.from(content);
  const texts = [bytes.toString("latin1"), bytes.toString("utf16le")].map((text) => text.toLowerCase());
  return NEEDLES.filter((needle) => texts.some((text) => text.includes(needle)));
}

/** The same of every file below a folder, its name and what is packed in it: `masks/1.nii.gz: plantedson`. */
export function plantedBelow(folder: string): string[] {
  return filesBelow(folder).flatMap((name) => {
    const parts = [Buffer.from(name), ...unpacked(readFileSync(join(folder, name)))];
    return [...new Set(parts.flatMap(plantedIn))].map((needle) => `${name}: ${needle}`);
  });
}

function unpacked(bytes: Buffer): Buffer[] {
  const parts = [bytes];
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) parts.push(gunzipSync(bytes));
  for (const [, text] of bytes.toString("latin1").matchAll(/;base64,([A-Za-z0-9+/=]+)/g)) {
    parts.push(Buffer.from(text, "base64"));
  }
  return parts;
}

/** The types of a PNG's chunks, in order: text has chunks of its own, some of them packed. */
export function pngChunks(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const types: string[] = [];
  for (let at = 8; at < bytes.length; at += 12 + view.getUint32(at)) {
    types.push(String.fromCharCode(...bytes.subarray(at + 4, at + 8)));
  }
  return types;
}
