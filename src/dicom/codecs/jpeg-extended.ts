// JPEG extended (ITU-T T.81, process 4): sequential DCT with Huffman codes. Of 8 bits libjpeg-turbo reads it. Of 12 bits
// no package for JavaScript was found that gives right pixels (docs/decisions/0013-dicom.md), so the one kind that
// DICOM holds, grey pictures, is decoded here. Left out: colours of 12 bits, arithmetic coding, progressive scans.

import { unsupportedDicom } from "../dicom-errors.ts";
import { type DecodedFrame, damagedFrame, type EncodedFrame, wholeFrame } from "./codec.ts";
import { type CodestreamSize, jpegSegments, requireFileSize } from "./codestream-size.ts";
import { type HuffmanTable, readHuffmanTables, ScanBits } from "./huffman-table.ts";
import { decodeJpegBaseline } from "./jpeg-baseline.ts";

const EXTENDED = 0xc1;

interface Tables {
  readonly quantisation: Map<number, Float64Array>;
  readonly direct: Map<number, HuffmanTable>;
  readonly alternating: Map<number, HuffmanTable>;
  restartInterval: number;
}

/** What the one component of the scan uses. */
interface Scan {
  readonly start: number;
  readonly quantisation: Float64Array;
  readonly direct: HuffmanTable;
  readonly alternating: HuffmanTable;
  readonly restartInterval: number;
}

/** Row-major place of the k-th coefficient in its zigzag. */
const ZIGZAG = zigzag();
/** `BASIS[8 * x + u]`: the u-th cosine at x, with its weight. */
const BASIS = Float64Array.from({ length: 64 }, (_, at) => {
  const [x, u] = [at >> 3, at & 7];
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
});

/**
 * JPEG extended, 8 bits grey or colour, 12 bits grey.
 * @throws MiasError `image-unreadable` where it is damaged, `image-unsupported` for colours of 12 bits
 */
export function decodeJpegExtended(frame: EncodedFrame): DecodedFrame | Promise<DecodedFrame> {
  const encoded = wholeFrame(frame);
  const size = requireFileSize(frame, encoded, "JPEG extended");
  if (size.precision <= 8) return decodeJpegBaseline(frame);
  if (size.components !== 1) {
    const rule = `must be grey in JPEG extended of ${size.precision} bits, got ${size.components} colours`;
    throw unsupportedDicom(frame.name, `${rule}; export it uncompressed`);
  }
  if (size.marker !== EXTENDED || size.precision !== 12) throw damagedFrame(frame, "JPEG extended");
  try {
    const samples = decodeScan(encoded, readScan(encoded), size);
    return { samples, bits: Math.min(12, frame.layout.bitsStored), lowBit: 0, planar: false, isRgb: false };
  } catch (cause) {
    throw damagedFrame(frame, "JPEG extended", cause);
  }
}

function zigzag(): Uint8Array {
  const order = Array.from({ length: 64 }, (_, place) => place);
  const along = (place: number) => {
    const [row, column] = [place >> 3, place & 7];
    return 8 * (row + column) + ((row + column) % 2 === 0 ? column : row);
  };
  return Uint8Array.from(order.sort((a, b) => along(a) - along(b)));
}

/** Reads the tables up to the first scan. @throws RangeError where one is missing */
function readScan(bytes: Uint8Array): Scan {
  const tables: Tables = {
    quantisation: new Map(),
    direct: new Map(),
    alternating: new Map(),
    restartInterval: 0,
  };
  let quantisationOfFrame = 0;
  for (const { marker, start, end } of jpegSegments(bytes)) {
    const segment = bytes.subarray(start, end);
    if (marker === 0xdb) readQuantisation(segment, tables);
    if (marker === 0xc4) readHuffmanTables(segment, tables.direct, tables.alternating);
    if (marker === 0xdd) tables.restartInterval = segment[0] * 256 + segment[1];
    if (marker === EXTENDED) quantisationOfFrame = segment[8];
    if (marker !== 0xda) continue;
    return {
      start: end,
      quantisation: required(tables.quantisation.get(quantisationOfFrame)),
      direct: required(tables.direct.get(segment[2] >> 4)),
      alternating: required(tables.alternating.get(segment[2] & 15)),
      restartInterval: tables.restartInterval,
    };
  }
  throw new RangeError("there is no scan");
}

function required<Table>(table: Table | undefined): Table {
  if (table === undefined) throw new RangeError("a table that the scan needs is missing");
  return table;
}

function readQuantisation(segment: Uint8Array, { quantisation }: Tables): void {
  for (let at = 0; at < segment.length; ) {
    const wide = segment[at] >> 4 !== 0;
    const id = segment[at++] & 15;
    const steps = new Float64Array(64);
    for (let place = 0; place < 64; place++, at += wide ? 2 : 1) {
      steps[place] = wide ? segment[at] * 256 + segment[at + 1] : segment[at];
    }
    quantisation.set(id, steps);
  }
}

function decodeScan(bytes: Uint8Array, scan: Scan, { width, height }: CodestreamSize): Uint16Array {
  const bits = new ScanBits(bytes, scan.start);
  const samples = new Uint16Array(width * height);
  const block = new Float64Array(64);
  const [across, down] = [Math.ceil(width / 8), Math.ceil(height / 8)];
  let direct = 0;
  for (let index = 0; index < across * down; index++) {
    if (scan.restartInterval > 0 && index > 0 && index % scan.restartInterval === 0) {
      bits.restart();
      direct = 0;
    }
    direct = readBlock(bits, scan, direct, block);
    invertDct(block);
    const [left, top] = [8 * (index % across), 8 * Math.floor(index / across)];
    for (let y = top; y < Math.min(top + 8, height); y++) {
      for (let x = left; x < Math.min(left + 8, width); x++) {
        const value = Math.round(block[8 * (y - top) + x - left] + 2048);
        samples[y * width + x] = Math.min(Math.max(value, 0), 4095);
      }
    }
  }
  return samples;
}

/** Reads the coefficients of one block, dequantised, into `block`; returns its direct one, which the next goes on from. */
function readBlock(bits: ScanBits, scan: Scan, previous: number, block: Float64Array): number {
  block.fill(0);
  const direct = previous + bits.signed(bits.symbol(scan.direct) & 15);
  block[0] = direct * scan.quantisation[0];
  for (let place = 1; place < 64; place++) {
    const symbol = bits.symbol(scan.alternating);
    const [zeros, size] = [symbol >> 4, symbol & 15];
    if (size === 0 && zeros < 15) return direct;
    place += zeros;
    if (place > 63) throw new RangeError("a block has more than 64 coefficients");
    if (size > 0) block[ZIGZAG[place]] = bits.signed(size) * scan.quantisation[place];
  }
  return direct;
}

/** The inverse cosine transform in place (T.81 A.3.3), rows and then columns. */
function invertDct(block: Float64Array): void {
  const rows = new Float64Array(64);
  for (let v = 0; v < 8; v++) {
    for (let x = 0; x < 8; x++) {
      let sum = 0;
      for (let u = 0; u < 8; u++) sum += BASIS[8 * x + u] * block[8 * v + u];
      rows[8 * v + x] = sum;
    }
  }
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      let sum = 0;
      for (let v = 0; v < 8; v++) sum += BASIS[8 * y + v] * rows[8 * v + x];
      block[8 * y + x] = sum;
    }
  }
}
