// JPEG lossless (ITU-T T.81 annex H, process 14): differences to predicted neighbours, as Huffman codes. Any predictor,
// point transform and number of scans. The package for it, jpeg-lossless-decoder-js, goes on without a word where a
// frame is cut short, and gives wrong pixels for several scans, a point transform, or colours of 16 bits.
// Left out: components of unequal sampling, which no lossless DICOM image has.

import { unsupportedDicom } from "../dicom-errors.ts";
import { type DecodedFrame, damagedFrame, type EncodedFrame, wholeFrame } from "./codec.ts";
import { type CodestreamSize, jpegSegments, requireFileSize } from "./codestream-size.ts";
import { type HuffmanTable, readHuffmanTables, ScanBits } from "./huffman-table.ts";

const LOSSLESS = 0xc3;

/** What one scan holds. */
interface Scan {
  /** Where its bits begin. */
  readonly start: number;
  /** Which components, from 0, and the table of each. */
  readonly components: readonly { readonly index: number; readonly table: HuffmanTable }[];
  readonly predictor: number;
  readonly pointTransform: number;
  /** Samples of a component between restart markers; 0 is none. */
  readonly restartInterval: number;
}

/** What holds until a later segment changes it. */
interface State {
  readonly tables: Map<number, HuffmanTable>;
  /** The components' names in the order of the frame header. */
  names: Uint8Array;
  restartInterval: number;
}

/**
 * JPEG lossless, grey or colour, up to 16 bits.
 * @throws MiasError `image-unreadable` where it is damaged or cut short, `image-unsupported` where components are
 *   sampled unequally
 */
export function decodeJpegLossless(frame: EncodedFrame): DecodedFrame {
  const encoded = wholeFrame(frame);
  const size = requireFileSize(frame, encoded, "JPEG lossless");
  if (size.marker !== LOSSLESS || size.precision > 16) throw damagedFrame(frame, "JPEG lossless");
  requireEvenSampling(frame, encoded);
  try {
    const samples = decodeScans(encoded, size);
    const bits = Math.min(size.precision, frame.layout.bitsStored);
    return { samples, bits, lowBit: 0, planar: true, isRgb: false };
  } catch (cause) {
    throw damagedFrame(frame, "JPEG lossless", cause);
  }
}

function requireEvenSampling(frame: EncodedFrame, bytes: Uint8Array): void {
  const header = [...jpegSegments(bytes)].find(({ marker }) => marker === LOSSLESS);
  const components = header ? bytes.subarray(header.start + 6, header.end) : bytes.subarray(0, 0);
  const isEven = components.every((value, at) => at % 3 !== 1 || value === components[1]);
  if (isEven) return;
  throw unsupportedDicom(
    frame.name,
    "must have colours of equal sampling in JPEG lossless; export it uncompressed",
  );
}

/** Every component's plane, one after another. @throws RangeError where a scan or a table is missing or damaged */
function decodeScans(
  bytes: Uint8Array,
  { width, height, components, precision }: CodestreamSize,
): Uint16Array {
  const planes = Array.from({ length: components }, () => new Uint16Array(width * height));
  const state: State = { tables: new Map(), names: new Uint8Array(0), restartInterval: 0 };
  const missing = new Set(planes.keys());
  for (let from = 2; missing.size > 0; ) {
    const scan = readScan(bytes, from, state);
    const bits = new ScanBits(bytes, scan.start);
    const own = scan.components.map(({ index, table }) => ({ plane: planes[index], table }));
    decodeScan(bits, scan, own, width, precision);
    for (const { index } of scan.components) missing.delete(index);
    from = bits.position;
  }
  const samples = new Uint16Array(components * width * height);
  planes.forEach((plane, index) => void samples.set(plane, index * width * height));
  return samples;
}

/** Reads segments up to the next scan's bits. */
function readScan(bytes: Uint8Array, from: number, state: State): Scan {
  for (const { marker, start, end } of jpegSegments(bytes, from)) {
    const segment = bytes.subarray(start, end);
    if (marker === 0xc4) readHuffmanTables(segment, state.tables, new Map());
    if (marker === 0xdd) state.restartInterval = segment[0] * 256 + segment[1];
    if (marker === LOSSLESS) state.names = segment.subarray(6).filter((_, at) => at % 3 === 0);
    if (marker !== 0xda) continue;
    const components = Array.from({ length: segment[0] }, (_, at) => ({
      index: state.names.indexOf(segment[1 + 2 * at]),
      table: state.tables.get(segment[2 + 2 * at] >> 4),
    }));
    const [predictor, , transform] = segment.subarray(1 + 2 * segment[0]);
    return {
      start: end,
      components: components.map(({ index, table }) => ({ index, table: required(table, index) })),
      predictor,
      pointTransform: transform & 15,
      restartInterval: state.restartInterval,
    };
  }
  throw new RangeError("a scan is missing");
}

function required(table: HuffmanTable | undefined, index: number): HuffmanTable {
  if (table === undefined || index < 0) throw new RangeError("a table or component of a scan is missing");
  return table;
}

/** Decodes the samples of a scan into the planes, its components taking turns. */
function decodeScan(
  bits: ScanBits,
  { predictor, pointTransform, restartInterval }: Scan,
  components: readonly { readonly plane: Uint16Array; readonly table: HuffmanTable }[],
  width: number,
  precision: number,
): void {
  if (predictor < 1 || predictor > 7) throw new RangeError("no such predictor");
  const middle = 1 << (precision - pointTransform - 1);
  const count = components[0].plane.length;
  // The first sample of the frame and after a restart has no neighbour, and the row that it begins none above.
  let first = 0;
  for (let at = 0; at < count; at++) {
    if (restartInterval > 0 && at > 0 && at % restartInterval === 0) {
      bits.restart();
      first = at;
    }
    const hasLeft = at % width !== 0;
    const hasAbove = at - width >= first;
    for (const { plane, table } of components) {
      let predicted = middle;
      if (hasAbove && hasLeft)
        predicted = predict(predictor, plane[at - 1], plane[at - width], plane[at - width - 1]);
      else if (hasAbove) predicted = plane[at - width];
      else if (at > first) predicted = plane[at - 1];
      const length = bits.symbol(table);
      plane[at] = predicted + (length === 16 ? 32768 : bits.signed(length & 15));
    }
  }
  if (pointTransform === 0) return;
  for (const { plane } of components) for (let at = 0; at < count; at++) plane[at] <<= pointTransform;
}

/** Table H.1: from the samples to the left (a), above (b), and left above (c). */
function predict(predictor: number, a: number, b: number, c: number): number {
  if (predictor === 1) return a;
  if (predictor === 2) return b;
  if (predictor === 3) return c;
  if (predictor === 4) return a + b - c;
  if (predictor === 5) return a + ((b - c) >> 1);
  if (predictor === 6) return b + ((a - c) >> 1);
  return (a + b) >> 1;
}
