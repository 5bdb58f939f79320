import { type HeaderField, headerLines, numbersOf } from "./text-header.ts";
import { damagedVolume } from "./volume-errors.ts";

export interface NrrdHeader {
  readonly name: string;
  /** The text of a field by its name in lower case; undefined where it is absent. */
  field(key: string): string | undefined;
  /** `count` numbers of a field; undefined where it is absent, MiasError `image-unreadable` where it is not so. */
  numbers(key: string, count: number): number[] | undefined;
  /** Where the voxels of an attached header begin. */
  readonly end: number;
}

/** Whether bytes begin as NRRD's do. */
export function isNrrd(bytes: Uint8Array): boolean {
  return /^NRRD000\d/.test(String.fromCharCode(...bytes.subarray(0, 8)));
}

/**
 * Splits a header into its fields, up to the empty line that ends it. Comments and key/value pairs are left out.
 * @throws MiasError `image-unreadable` where a line is neither
 */
export function parseNrrdHeader(name: string, bytes: Uint8Array): NrrdHeader {
  if (!isNrrd(bytes)) throw damagedVolume(name, "NRRD", "it has no header of NRRD");
  const fields = new Map<string, string>();
  let end = 0;
  for (const line of headerLines(bytes)) {
    const first = end === 0;
    end = line.end;
    if (line.text === "") break;
    if (first || line.text.startsWith("#") || /^[^:]*:=/.test(line.text)) continue;
    const [, key, text] = /^([^:]+): (.*)$/.exec(line.text) ?? [];
    if (key === undefined)
      throw damagedVolume(name, "NRRD", 'each line of its header must be "field: value"');
    fields.set(key.trim().toLowerCase(), text.trim());
  }
  const field = (key: string) => fields.get(key);
  const place = (key: string): HeaderField => ({ name, format: "NRRD", key });
  const numbers = (key: string, count: number) => {
    const text = field(key);
    return text === undefined ? undefined : numbersOf(place(key), text, count);
  };
  return { name, field, numbers, end };
}
