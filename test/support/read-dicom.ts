import { data } from "dcmjs";

/** What dcmjs reads of a file we wrote: attributes by keyword, a single value as itself, sequences as arrays. */
export function readDicom(file: Uint8Array): Record<string, unknown> {
  const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
  return data.DicomMetaDictionary.naturalizeDataset(data.DicomMessage.readFile(bytes).dict);
}

/** The items of a sequence. */
export function itemsOf(sequence: unknown): Record<string, unknown>[] {
  return Array.isArray(sequence) ? sequence : [sequence as Record<string, unknown>];
}

/** The first item of the sequences named, each within the one before. */
export function within(item: unknown, ...sequences: readonly string[]): Record<string, unknown> {
  return sequences.reduce((inner, name) => itemsOf(inner[name])[0], item as Record<string, unknown>);
}

/** Bytes of its pixels, of whichever kind. */
export function pixelBytes(read: Readonly<Record<string, unknown>>): Uint8Array {
  const [bytes] = (read.PixelData ?? read.FloatPixelData) as readonly ArrayBuffer[];
  return new Uint8Array(bytes);
}
