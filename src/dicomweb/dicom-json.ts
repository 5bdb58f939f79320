// Answers as DICOM JSON (PS3.18, annex F): data sets as records of tags, `{"0020000D": {"vr": "UI", "Value": [...]}}`.
// Only what the search and the storage need is read; names and other personal data pass by.

import * as v from "valibot";
import type { Answer } from "./connection.ts";
import { cut, tooLarge, tooSlow, wrongType } from "./fault.ts";
import { isUid } from "./uid.ts";

export const DICOM_JSON = "application/dicom+json";

const JSON_TYPE = /^\s*application\/(?:dicom\+)?json\s*(?:;|$)/i;
const LARGEST_JSON = 64 * 2 ** 20;
/** An answer may take so many times the longest silence: a server that drips would be listened to for ever. */
const WHOLE_PER_SILENCE = 5;

const element = v.looseObject({ Value: v.optional(v.array(v.unknown())) });
const dataSet = v.record(v.string(), element);
const dataSets = v.array(dataSet);

export type DataSet = v.InferOutput<typeof dataSet>;

/** Reads a list of data sets; an empty body, as some servers answer for nothing found, is an empty list. @throws Fault */
export async function readDataSets(answer: Answer): Promise<readonly DataSet[]> {
  const text = await textOf(answer);
  if (text.trim() === "") return [];
  const type = answer.headers.get("content-type");
  // Orthanc names no type where a storage failed.
  if (type !== null && !JSON_TYPE.test(type)) throw wrongType(DICOM_JSON, type);
  const value = parsed(text);
  const checked = v.safeParse(dataSets, Array.isArray(value) ? value : [value]);
  if (!checked.success) throw cut("JSON that is not DICOM's");
  return checked.output;
}

/** The UID of a tag, where it has one. */
export function uidOf(data: DataSet, tag: string): string | undefined {
  const value = data[tag]?.Value?.[0];
  return typeof value === "string" && isUid(value) ? value : undefined;
}

/** The number of a tag; JSON may hold numbers as texts too (PS3.18, F.2.3.1). */
export function numberOf(data: DataSet, tag: string): number | undefined {
  const value = data[tag]?.Value?.[0];
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** The text of a tag that holds a code. */
export function codeOf(data: DataSet, tag: string): string | undefined {
  const value = data[tag]?.Value?.[0];
  return typeof value === "string" && /^[A-Z0-9_ ]{1,16}$/.test(value) ? value : undefined;
}

/** The items of a sequence. */
export function itemsOf(data: DataSet, tag: string): readonly DataSet[] {
  const items = v.safeParse(dataSets, data[tag]?.Value ?? []);
  return items.success ? items.output : [];
}

async function textOf({ chunks, seconds }: Answer): Promise<string> {
  const limit = WHOLE_PER_SILENCE * seconds;
  const start = performance.now();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > LARGEST_JSON) throw tooLarge(LARGEST_JSON);
    if (performance.now() - start > 1000 * limit) throw tooSlow(limit);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's words would quote the text.
    throw cut("JSON that ends early or is damaged");
  }
}
