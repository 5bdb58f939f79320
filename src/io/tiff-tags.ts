// The few fields of a TIFF's first page that decide how it is decoded. Source: TIFF 6.0, sections 2 and 19, and the
// BigTIFF design. Pixels are decoded elsewhere.

/** SampleFormat (TIFF 6.0, section 19). */
export const SAMPLE_SIGNED = 2;
export const SAMPLE_FLOAT = 3;

const BITS_PER_SAMPLE = 258;
const SAMPLE_FORMAT = 339;
const TYPE_SHORT = 3;

/** What kind of numbers the samples of the first page are; TIFF's defaults where a field is absent. */
export interface TiffSamples {
  readonly bits: number;
  readonly format: number;
}

interface Field {
  readonly value: number;
  /** Where the values of the field lie in the file. */
  readonly offset: number;
  readonly count: number;
}

/** Reads the fields of the first page. Throws a RangeError where the file ends too early. */
export function readTiffSamples(bytes: Uint8Array): TiffSamples {
  const bits = findShortField(bytes, BITS_PER_SAMPLE)?.value ?? 1;
  return { bits, format: findShortField(bytes, SAMPLE_FORMAT)?.value ?? 1 };
}

/** A copy of a TIFF whose first page claims unsigned samples: the bits stay, only their meaning is dropped. */
export function claimUnsignedSamples(bytes: Uint8Array): Uint8Array {
  const field = findShortField(bytes, SAMPLE_FORMAT);
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (let index = 0; field !== undefined && index < field.count; index++) {
    view.setUint16(field.offset + 2 * index, 1, isLittleEndian(bytes));
  }
  return copy;
}

function isLittleEndian(bytes: Uint8Array): boolean {
  return bytes[0] === 0x49;
}

/** Finds a field of 16-bit values in the first directory; `value` is the first of them. */
function findShortField(bytes: Uint8Array, tag: number): Field | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = isLittleEndian(bytes);
  const big = view.getUint16(2, little) === 43;
  const word = (at: number) => (big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little));
  const directory = word(big ? 8 : 4);
  const entries = big ? word(directory) : view.getUint16(directory, little);
  const [head, size, inline] = big ? [8, 20, 8] : [2, 12, 4];
  for (let index = 0; index < entries; index++) {
    const entry = directory + head + index * size;
    if (view.getUint16(entry, little) !== tag) continue;
    if (view.getUint16(entry + 2, little) !== TYPE_SHORT) return undefined;
    const count = word(entry + 4);
    const at = entry + size - inline;
    const offset = count * 2 <= inline ? at : word(at);
    return { value: view.getUint16(offset, little), offset, count };
  }
  return undefined;
}
