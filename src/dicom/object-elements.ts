import { type DcmjsElement, data } from "dcmjs";
import { assert } from "../util/assert.ts";

export type DicomValue =
  | string
  | number
  | Uint8Array
  | readonly string[]
  | readonly number[]
  | readonly DicomItem[];

/** Attributes to write, by keyword: `undefined` is left out, an empty string is written without a value. */
export interface DicomItem {
  readonly [keyword: string]: DicomValue | undefined;
}

/**
 * The elements of `item` as dcmjs writes them, by tag. Its own `denaturalizeDataset` cuts numbers off after 16
 * characters, exponent and all, and logs what it does not know; here a keyword that is not in the dictionary is our fault.
 */
export function elementsOf(item: DicomItem): Record<string, DcmjsElement> {
  const elements: Record<string, DcmjsElement> = {};
  for (const [keyword, value] of Object.entries(item)) {
    if (value === undefined) continue;
    const { tag, vr } = entryOf(keyword);
    elements[tag] = { vr, Value: valuesOf(vr, value) };
  }
  return elements;
}

/** Tag as `GGGGEEEE`, and value representation. */
export function entryOf(keyword: string): { readonly tag: string; readonly vr: string } {
  const entry = data.DicomMetaDictionary.nameMap[keyword];
  assert(entry !== undefined, `${keyword} is not an attribute of DICOM`);
  return { tag: entry.tag.replace(/[(),]/g, ""), vr: entry.vr === "xs" ? "US" : entry.vr };
}

/** The tag as the number that attributes of type AT hold. */
export function tagNumber(keyword: string): number {
  return Number.parseInt(entryOf(keyword).tag, 16);
}

function valuesOf(vr: string, value: DicomValue): readonly unknown[] {
  if (value === "") return [];
  if (value instanceof Uint8Array) return [value.slice().buffer];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (vr === "SQ") return (values as readonly DicomItem[]).map(elementsOf);
  if (vr === "DS" || vr === "IS") {
    return values.map((each) => (typeof each === "number" ? decimalString(each) : each));
  }
  return values;
}

/** The closest number of at most 16 characters, as the value representation DS has it. */
export function decimalString(value: number): string {
  assert(Number.isFinite(value), "a decimal string is of a finite number");
  const exact = String(value === 0 ? 0 : value);
  for (let digits = 17, text = exact; ; digits--, text = String(Number(value.toPrecision(digits)))) {
    if (text.length <= 16) return text;
  }
}
