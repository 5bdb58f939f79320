// What the headers of NRRD and MetaImage have in common: lines of text before the voxels, and lists of numbers.
// Values are free text that may name a patient: messages repeat numbers only.

import { damagedVolume } from "./volume-errors.ts";

/** Headers are some hundred bytes long; one that does not end within these is none. */
const MOST_HEADER = 2 ** 20;

/** A line, and where the next one begins. */
export interface HeaderLine {
  readonly text: string;
  readonly end: number;
}

/** The lines of the text that bytes begin with, ended by LF or CR LF; an unended last one counts. */
export function* headerLines(bytes: Uint8Array): Generator<HeaderLine> {
  const most = Math.min(bytes.length, MOST_HEADER);
  for (let start = 0; start < most; ) {
    const found = bytes.subarray(start, most).indexOf(10);
    const end = found < 0 ? most : start + found;
    yield { text: latin1(bytes.subarray(start, end)).replace(/\r$/, ""), end: Math.min(end + 1, most) };
    start = end + 1;
  }
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** What a field of a header is called in messages, and where it stands. */
export interface HeaderField {
  readonly name: string;
  readonly format: string;
  readonly key: string;
}

/**
 * The numbers of a list that is parted by white space.
 * @throws MiasError `image-unreadable` unless there are `count`, none of them other than a number
 */
export function numbersOf(field: HeaderField, text: string, count: number): number[] {
  const words = text.trim().split(/\s+/);
  const numbers = words.map(numberOf);
  if (numbers.length !== count || numbers.some((value) => value === undefined)) {
    const { name, format, key } = field;
    throw damagedVolume(name, format, `"${key}" must be ${count} numbers, got ${words.length} words`);
  }
  return numbers as number[];
}

/** A number as C writes it, NaN and infinities too; undefined for other text. */
export function numberOf(word: string): number | undefined {
  if (/^[+-]?nan$/i.test(word)) return Number.NaN;
  if (/^[+-]?inf(inity)?$/i.test(word)) return word.startsWith("-") ? -Infinity : Infinity;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : undefined;
}

/** Columns, rows and slices of an image of two or three axes. */
export function threeOf(values: readonly number[], missing: number): [number, number, number] {
  return [values[0], values[1], values[2] ?? missing];
}
