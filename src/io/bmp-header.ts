// The header of a BMP. Source: Microsoft, BITMAPINFOHEADER, BITMAPV5HEADER and BITMAPCOREHEADER (OS/2).
// Leaves out: pictures that are JPEG or PNG inside, and OS/2's own compressions.

import { damagedImage, requireReadableSize, unsupportedImage } from "./image-errors.ts";

export type BmpCompression = "none" | "rle8" | "rle4";

export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  /** Rows are stored from the top; most files store the last row first. */
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: BmpCompression;
  /** Where the pixels start in the file. */
  readonly pixelOffset: number;
  /** Red, green, blue, alpha: bits of a 16 or 32 bit pixel; 0 where there is no alpha. */
  readonly masks: readonly [number, number, number, number];
  /** Red, green, blue of each entry; empty over 8 bits. */
  readonly palette: readonly (readonly [number, number, number])[];
}

const FILE_HEADER = 14;
const CORE_HEADER = 12;
const INFO_HEADER = 40;
/** The first header that has room for a mask of alpha. */
const V3_HEADER = 56;

/** Values of biCompression. */
const RLE8 = 1;
const RLE4 = 2;
const BIT_FIELDS = 3;
const ALPHA_BIT_FIELDS = 6;

/** Reads and checks the header. Throws MiasError `image-unreadable` or `image-unsupported`. */
export function readBmpHeader(bytes: Uint8Array, name: string): BmpHeader {
  try {
    return parseHeader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), name);
  } catch (error) {
    if (error instanceof RangeError) throw damagedImage(name, "BMP", "it ends in its header", error);
    throw error;
  }
}

function parseHeader(view: DataView, name: string): BmpHeader {
  const headerSize = view.getUint32(FILE_HEADER, true);
  const core = headerSize === CORE_HEADER;
  const width = core ? view.getUint16(18, true) : view.getInt32(18, true);
  const signedHeight = core ? view.getUint16(20, true) : view.getInt32(22, true);
  const height = Math.abs(signedHeight);
  requireReadableSize(name, "BMP", width, height);
  const bits = view.getUint16(core ? 24 : 28, true);
  const code = core ? 0 : view.getUint32(30, true);
  return {
    width,
    height,
    topDown: signedHeight < 0,
    bits,
    compression: compressionOf(name, bits, code),
    pixelOffset: view.getUint32(10, true),
    masks: readMasks(view, headerSize, bits, code),
    palette: bits > 8 ? [] : readPalette(view, headerSize, bits),
  };
}

/** Which bits go with which compression; anything else is refused. */
function compressionOf(name: string, bits: number, code: number): BmpCompression {
  if (code === RLE8 && bits === 8) return "rle8";
  if (code === RLE4 && bits === 4) return "rle4";
  const fields = code === BIT_FIELDS || code === ALPHA_BIT_FIELDS;
  if (code === 0 && [1, 4, 8, 16, 24, 32].includes(bits)) return "none";
  if (fields && (bits === 16 || bits === 32)) return "none";
  const what = `is a BMP with ${bits} bits a pixel and compression ${code}, which is not read`;
  throw unsupportedImage(name, `${what}; convert it to PNG`);
}

function readMasks(view: DataView, headerSize: number, bits: number, code: number): BmpHeader["masks"] {
  if (code !== BIT_FIELDS && code !== ALPHA_BIT_FIELDS) {
    return bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0x00ff00, 0x0000ff, 0];
  }
  const mask = (index: number) => view.getUint32(FILE_HEADER + INFO_HEADER + 4 * index, true);
  const alpha = headerSize >= V3_HEADER || code === ALPHA_BIT_FIELDS ? mask(3) : 0;
  return [mask(0), mask(1), mask(2), alpha];
}

function readPalette(view: DataView, headerSize: number, bits: number): BmpHeader["palette"] {
  const core = headerSize === CORE_HEADER;
  const used = core ? 0 : view.getUint32(46, true);
  const count = used > 0 && used < 2 ** bits ? used : 2 ** bits;
  const stride = core ? 3 : 4;
  return Array.from({ length: count }, (_, index) => {
    const at = FILE_HEADER + headerSize + stride * index;
    return [view.getUint8(at + 2), view.getUint8(at + 1), view.getUint8(at)];
  });
}
