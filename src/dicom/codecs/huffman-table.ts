/** A Huffman table of a JPEG (ITU-T T.81 annex C and F.2.2.3): codes of up to 16 bits, by their lengths. */
export interface HuffmanTable {
  /** For each length from 1: the largest code, or -1 where there is none. */
  readonly maxCode: Int32Array;
  /** For each length: what is added to a code to get its place in `values`. */
  readonly delta: Int32Array;
  readonly values: Uint8Array;
}

/** Makes a table of the counts of codes of 1 to 16 bits, and of the values in order of their codes. */
function makeHuffmanTable(counts: Uint8Array, values: Uint8Array): HuffmanTable {
  const maxCode = new Int32Array(17).fill(-1);
  const delta = new Int32Array(17);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= 16; length++) {
    delta[length] = place - code;
    code += counts[length - 1];
    place += counts[length - 1];
    if (counts[length - 1] > 0) maxCode[length] = code - 1;
    code <<= 1;
  }
  return { maxCode, delta, values };
}

/** Adds the tables of a DHT segment to those of direct (class 0) and alternating coefficients, by their numbers. */
export function readHuffmanTables(
  segment: Uint8Array,
  direct: Map<number, HuffmanTable>,
  alternating: Map<number, HuffmanTable>,
): void {
  for (let at = 0; at + 17 <= segment.length; ) {
    const counts = segment.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const table = makeHuffmanTable(counts, segment.subarray(at + 17, at + 17 + total));
    (segment[at] >> 4 === 0 ? direct : alternating).set(segment[at] & 15, table);
    at += 17 + total;
  }
}

/** The bits of a scan, from its highest; stuffed zeros are dropped, and a marker ends them. */
export class ScanBits {
  readonly #bytes: Uint8Array;
  #at: number;
  #buffer = 0;
  #count = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  /** Where the byte after those that were used lies. */
  get position(): number {
    return this.#at;
  }

  /** One bit. @throws RangeError at a marker or the end */
  bit(): number {
    if (this.#count === 0) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined || (byte === 0xff && this.#bytes[this.#at + 1] !== 0)) {
        throw new RangeError(`the scan ends at byte ${this.#at}`);
      }
      this.#at += byte === 0xff ? 2 : 1;
      this.#buffer = byte;
      this.#count = 8;
    }
    this.#count--;
    return (this.#buffer >> this.#count) & 1;
  }

  /** The value of the next code. @throws RangeError where no code is that long */
  symbol(table: HuffmanTable): number {
    let code = 0;
    for (let length = 1; length <= 16; length++) {
      code = (code << 1) | this.bit();
      if (code <= table.maxCode[length]) return table.values[code + table.delta[length]];
    }
    throw new RangeError("no such Huffman code");
  }

  /** A signed number of `count` bits, as differences are written (T.81 F.2.2.1). */
  signed(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left--) value = (value << 1) | this.bit();
    return count > 0 && value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  /** Goes on after a restart marker. @throws RangeError where there is none */
  restart(): void {
    this.#count = 0;
    const marker = this.#bytes[this.#at + 1];
    if (this.#bytes[this.#at] !== 0xff || marker < 0xd0 || marker > 0xd7)
      throw new RangeError("no restart marker");
    this.#at += 2;
  }
}
