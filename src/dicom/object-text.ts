import type { DicomAttributes } from "../volume-types.ts";
import { entryOf } from "./object-elements.ts";
import { withoutEscapes } from "./object-escapes.ts";

/** What a value must look like to be copied; elsewhere any text will do. Old files write 1999.12.31 and 23:59:59. */
const FORMS: Readonly<Record<string, RegExp>> = {
  AS: /^\d{3}[DWMY]$/,
  CS: /^[A-Z0-9 _]{1,16}$/,
  DA: /^\d{8}$/,
  DS: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i,
  IS: /^[+-]?\d{1,11}$/,
  TM: /^\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?$/,
  UI: /^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/,
};
const OLD_PUNCTUATION: Readonly<Record<string, RegExp>> = { DA: /\./g, TM: /:/g };

/** An attribute as text, its values joined by backslashes; empty where it is missing or not in its form. */
export function textOf(attributes: DicomAttributes, keyword: string): string {
  const { vr } = entryOf(keyword);
  const text = joined(attributes[keyword]).replace(OLD_PUNCTUATION[vr] ?? "", "");
  return FORMS[vr]?.test(text) === false ? "" : text;
}

/** A number above 0, of an attribute that has one. */
export function positiveOf(attributes: DicomAttributes, keyword: string): number | undefined {
  const value = Number(textOf(attributes, keyword));
  return value > 0 && Number.isFinite(value) ? value : undefined;
}

function joined(value: unknown): string {
  if (Array.isArray(value)) return value.map(joined).join("\\");
  if (value instanceof String || typeof value === "string")
    return withoutEscapes(`${value}`).replaceAll("\0", "").trim();
  if (typeof value === "number") return String(value);
  return isPersonName(value) ? nameText(value) : "";
}

interface PersonName {
  readonly Alphabetic?: string;
  readonly Ideographic?: string;
  readonly Phonetic?: string;
}

function isPersonName(value: unknown): value is PersonName {
  return (
    typeof value === "object" &&
    value !== null &&
    ("Alphabetic" in value || "Ideographic" in value || "Phonetic" in value)
  );
}

/** The name's representations, as PS3.5 6.2.1 joins them. */
function nameText({ Alphabetic, Ideographic, Phonetic }: PersonName): string {
  return [Alphabetic, Ideographic, Phonetic].map(joined).join("=").replace(/=*$/, "");
}
