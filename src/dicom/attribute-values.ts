// Typed, checked values out of attributes as dcmjs gives them; what is missing or of another kind is undefined.

import type { DicomAttributes } from "../volume-types.ts";

/** Every finite number of an attribute; none where it is missing. Decimal strings are read too. */
export function numbersOf(attributes: DicomAttributes, keyword: string): number[] {
  const value = attributes[keyword];
  const values: unknown[] = Array.isArray(value) ? value : [value];
  const numbers = values.map((one) => (typeof one === "string" && one.trim() !== "" ? Number(one) : one));
  return numbers.filter((one): one is number => typeof one === "number" && Number.isFinite(one));
}

/** The first number of an attribute. */
export function numberOf(attributes: DicomAttributes, keyword: string): number | undefined {
  return numbersOf(attributes, keyword)[0];
}

/** Exactly `count` finite numbers, or undefined. */
export function vectorOf(attributes: DicomAttributes, keyword: string, count: number): number[] | undefined {
  const value = attributes[keyword];
  if (!Array.isArray(value) || value.length !== count) return undefined;
  const numbers = numbersOf(attributes, keyword);
  return numbers.length === count ? numbers : undefined;
}

/** The first text of an attribute, without padding; undefined where it is empty. */
export function textOf(attributes: DicomAttributes, keyword: string): string | undefined {
  const value = attributes[keyword];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first !== "string") return undefined;
  const text = withoutPadding(first);
  return text === "" ? undefined : text;
}

/** Every text of an attribute. */
export function textsOf(attributes: DicomAttributes, keyword: string): string[] {
  const value = attributes[keyword];
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one): one is string => typeof one === "string").map(withoutPadding);
}

/** Texts are padded with blanks, UIDs with a zero; some programs mix them up. */
function withoutPadding(text: string): string {
  return text.replaceAll("\0", "").trim();
}

/** The items of a sequence. */
export function itemsOf(attributes: DicomAttributes, keyword: string): DicomAttributes[] {
  const value = attributes[keyword];
  if (typeof value !== "object" || value === null) return [];
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.filter((item): item is DicomAttributes => typeof item === "object" && item !== null);
}

/** The first item of a sequence, or one without attributes. */
export function itemOf(attributes: DicomAttributes, keyword: string): DicomAttributes {
  return itemsOf(attributes, keyword)[0] ?? {};
}

/** The bytes of a binary attribute. */
export function bytesOfAttribute(attributes: DicomAttributes, keyword: string): Uint8Array | undefined {
  const value = attributes[keyword];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (first instanceof ArrayBuffer) return new Uint8Array(first);
  return first instanceof Uint8Array ? first : undefined;
}
