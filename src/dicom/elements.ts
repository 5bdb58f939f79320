// The structure of a data set (DICOM PS3.5 section 7): where each element lies, found before any value is read or
// anything allocated, with every claimed length checked against the bytes that are there. Values are read by dcmjs
// (attributes.ts); nothing here looks into them but to find the ends of sequences of undefined length.

import { truncatedDicom, unreadableDicom } from "./dicom-errors.ts";

/** How a data set is written. */
export interface DatasetEncoding {
  readonly implicit: boolean;
  readonly littleEndian: boolean;
}

export interface Element {
  /** Group and element as one number, `0x7fe00010`. */
  readonly tag: number;
  /** Value representation; empty in implicit data sets. */
  readonly vr: string;
  /** Of the element's header, and of its value, in the data set's bytes. */
  readonly start: number;
  readonly valueStart: number;
  /** One past the value; past its delimiter where the length is undefined. */
  readonly end: number;
  readonly undefinedLength: boolean;
}

/** A fragment of encapsulated pixel data: where its bytes lie, and its item's offset from the first one's. */
export interface Fragment {
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}

const EXPLICIT: DatasetEncoding = { implicit: false, littleEndian: true };
const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
export const PIXEL_DATA = 0x7fe00010;
export const EXTENDED_OFFSET_TABLE = 0x7fe00001;
/** Deeper than any real object; keeps a made one from exhausting the stack. */
const DEEPEST = 32;
/** Value representations whose explicit length has 4 bytes after 2 reserved ones. */
const LONG_VRS = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);

interface Header {
  readonly tag: number;
  readonly vr: string;
  readonly length: number;
  readonly valueStart: number;
}

/** A tag as people write it, `(7FE0,0010)`. */
export function tagText(tag: number): string {
  const digits = (value: number) => value.toString(16).padStart(4, "0").toUpperCase();
  return `(${digits(tag >>> 16)},${digits(tag & 0xffff)})`;
}

/** The data set between two offsets of `bytes`, as read by one encoding. */
class DatasetWalker {
  readonly #name: string;
  readonly #view: DataView;

  constructor(name: string, bytes: Uint8Array) {
    this.#name = name;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Elements from `start` to `end`, or to the item's delimiter where `end` is unknown (`undefined`). */
  elements(start: number, end: number | undefined, encoding: DatasetEncoding, depth: number): Element[] {
    const limit = end ?? this.#view.byteLength;
    const found: Element[] = [];
    let at = start;
    while (at < limit) {
      if (end !== undefined && depth === 0 && this.#isPadding(at, limit)) return found;
      const header = this.#header(at, limit, encoding);
      if (end === undefined && header.tag === ITEM_END) {
        found.push({ ...this.#marker(header, at), end: header.valueStart });
        return found;
      }
      const element = this.#element(header, at, limit, encoding, depth);
      found.push(element);
      at = element.end;
    }
    if (end !== undefined) return found;
    throw truncatedDicom(this.#name, "a sequence item with its end marker", at - start + 8, at - start);
  }

  /** Elements from `start` on as long as they are of `group`, in explicit little endian. */
  group(start: number, group: number): Element[] {
    const limit = this.#view.byteLength;
    const found: Element[] = [];
    for (let at = start; at + 8 <= limit; at = found[found.length - 1].end) {
      if (this.#view.getUint16(at, true) !== group) return found;
      found.push(this.#element(this.#header(at, limit, EXPLICIT), at, limit, EXPLICIT, 0));
    }
    return found;
  }

  /** Zeros after the last element, as some programs leave. */
  #isPadding(at: number, limit: number): boolean {
    if (this.#view.getUint8(at) !== 0 || limit - at > 4096) return false;
    for (let index = at; index < limit; index++) if (this.#view.getUint8(index) !== 0) return false;
    return true;
  }

  #marker(header: Header, start: number): Omit<Element, "end"> {
    return { tag: header.tag, vr: "", start, valueStart: header.valueStart, undefinedLength: false };
  }

  #require(at: number, count: number, limit: number, what: string): void {
    if (at + count > limit) throw truncatedDicom(this.#name, what, count, Math.max(0, limit - at));
  }

  #header(at: number, limit: number, { implicit, littleEndian }: DatasetEncoding): Header {
    this.#require(at, 8, limit, "the header of a data element");
    const group = this.#view.getUint16(at, littleEndian);
    const tag = ((group << 16) | this.#view.getUint16(at + 2, littleEndian)) >>> 0;
    if (implicit || group === 0xfffe) {
      return { tag, vr: "", length: this.#view.getUint32(at + 4, littleEndian), valueStart: at + 8 };
    }
    const vr = String.fromCharCode(this.#view.getUint8(at + 4), this.#view.getUint8(at + 5));
    if (!/^[A-Z]{2}$/.test(vr)) {
      const rule = `must have a value representation of two letters in element ${tagText(tag)}`;
      throw unreadableDicom(this.#name, `${rule}, got other bytes; it is damaged, copy or export it again`);
    }
    if (!LONG_VRS.has(vr)) {
      return { tag, vr, length: this.#view.getUint16(at + 6, littleEndian), valueStart: at + 8 };
    }
    this.#require(at, 12, limit, `the header of element ${tagText(tag)}`);
    return { tag, vr, length: this.#view.getUint32(at + 8, littleEndian), valueStart: at + 12 };
  }

  #element(header: Header, start: number, limit: number, encoding: DatasetEncoding, depth: number): Element {
    const { tag, vr, length, valueStart } = header;
    if (length !== UNDEFINED_LENGTH) {
      this.#require(valueStart, length, limit, `element ${tagText(tag)}`);
      return { tag, vr, start, valueStart, end: valueStart + length, undefinedLength: false };
    }
    // Undefined length: encapsulated pixels, or a sequence; one of unknown VR is written implicitly (PS3.5 6.2.2).
    const inner = vr === "UN" ? { implicit: true, littleEndian: encoding.littleEndian } : encoding;
    const end =
      tag === PIXEL_DATA
        ? this.#endOfFragments(valueStart, limit, encoding.littleEndian)
        : this.#endOfSequence(valueStart, limit, inner, depth + 1);
    return { tag, vr, start, valueStart, end, undefinedLength: true };
  }

  #endOfSequence(start: number, limit: number, encoding: DatasetEncoding, depth: number): number {
    if (depth > DEEPEST) {
      const rule = `must have sequences nested at most ${DEEPEST} deep, got more`;
      throw unreadableDicom(this.#name, `${rule}; it is damaged, copy or export it again`);
    }
    for (let at = start; ; ) {
      const item = this.#header(at, limit, encoding);
      if (item.tag === SEQUENCE_END) return item.valueStart;
      this.#requireItem(item);
      if (item.length === UNDEFINED_LENGTH) {
        const inside = this.elements(item.valueStart, undefined, encoding, depth);
        at = inside[inside.length - 1].end;
      } else {
        this.#require(item.valueStart, item.length, limit, "a sequence item");
        at = item.valueStart + item.length;
      }
    }
  }

  #requireItem({ tag }: Header): void {
    if (tag === ITEM) return;
    const rule = `must have items or an end marker in a sequence, got ${tagText(tag)}`;
    throw unreadableDicom(this.#name, `${rule}; it is damaged, copy or export it again`);
  }

  #endOfFragments(start: number, limit: number, littleEndian: boolean): number {
    for (const { tag, valueStart } of this.fragmentHeaders(start, limit, littleEndian)) {
      if (tag === SEQUENCE_END) return valueStart;
    }
    throw truncatedDicom(
      this.#name,
      "encapsulated pixel data with their end marker",
      limit - start + 8,
      limit - start,
    );
  }

  /** Headers of the items from `start`, the end marker's the last; every length is checked. */
  *fragmentHeaders(start: number, limit: number, littleEndian: boolean): Generator<Header> {
    for (let at = start; at < limit; ) {
      const header = this.#header(at, limit, { implicit: true, littleEndian });
      yield header;
      if (header.tag === SEQUENCE_END) return;
      this.#requireItem(header);
      this.#require(header.valueStart, header.length, limit, "a fragment of the pixel data");
      at = header.valueStart + header.length;
    }
  }
}

/**
 * The top-level elements of a data set, in order.
 * @throws MiasError `image-unreadable` where a header is broken or a claimed length is more than what is there
 */
export function findElements(name: string, dataset: Uint8Array, encoding: DatasetEncoding): Element[] {
  return new DatasetWalker(name, dataset).elements(0, dataset.length, encoding, 0);
}

/** The file meta elements (group 0002) from `start` on. */
export function findMetaElements(name: string, file: Uint8Array, start: number): Element[] {
  return new DatasetWalker(name, file).group(start, 0x0002);
}

/** The items of encapsulated pixel data; the first is the basic offset table, which may be empty. */
export function findFragments(name: string, dataset: Uint8Array, pixelData: Element): Fragment[] {
  const walker = new DatasetWalker(name, dataset);
  const headers = [...walker.fragmentHeaders(pixelData.valueStart, pixelData.end, true)].slice(0, -1);
  const first = headers[1]?.valueStart ?? 0;
  return headers.map(({ valueStart, length }) => ({
    start: valueStart,
    end: valueStart + length,
    offset: valueStart - first,
  }));
}
