// What a compressed frame says of its own size, read before a decoder allocates by it: the frame header of JPEG and
// JPEG-LS (ITU-T T.81 B.2.2, T.87 C.2.2), or the SIZ marker of JPEG 2000 and HTJ2K (T.800 A.5.1).

import { unreadableDicom } from "../dicom-errors.ts";
import { damagedFrame, type EncodedFrame } from "./codec.ts";

export interface CodestreamSize {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Bits of a sample. */
  readonly precision: number;
  /** The marker's code, which tells the process: `0xc0` baseline, `0xc1` extended, `0xc3` lossless, `0xf7` JPEG-LS. */
  readonly marker: number;
}

/** A JPEG's segments from `from` to the next scan: marker code, and where its contents lie. */
export function* jpegSegments(
  bytes: Uint8Array,
  from = 2,
): Generator<{ marker: number; start: number; end: number }> {
  let at = from;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return;
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = bytes[at + 2] * 256 + bytes[at + 3];
    if (length < 2 || at + 2 + length > bytes.length) return;
    yield { marker, start: at + 4, end: at + 2 + length };
    if (marker === 0xda) return;
    at += 2 + length;
  }
}

/** SOF0 to SOF15 without DHT, JPG and DAC, and SOF55 of JPEG-LS. */
function isFrameHeader(marker: number): boolean {
  return (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7;
}

function jpegSize(bytes: Uint8Array): CodestreamSize | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  for (const { marker, start, end } of jpegSegments(bytes)) {
    if (!isFrameHeader(marker) || end - start < 6) continue;
    const word = (at: number) => bytes[at] * 256 + bytes[at + 1];
    const [precision, height, width] = [bytes[start], word(start + 1), word(start + 3)];
    return { width, height, components: bytes[start + 5], precision, marker };
  }
  return undefined;
}

/** SIZ follows SOC at once; image size is the grid's less its offset. */
function jpeg2000Size(bytes: Uint8Array): CodestreamSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 43 || view.getUint32(0) !== 0xff4fff51) return undefined;
  const word = (at: number) => view.getUint32(at);
  const [width, height] = [word(8) - word(16), word(12) - word(20)];
  const [tileWidth, tileHeight] = [word(24), word(28)];
  // No decoder survives tiles of nothing, nor a grid of millions of them.
  if (tileWidth === 0 || tileHeight === 0) return undefined;
  if (Math.ceil(word(8) / tileWidth) * Math.ceil(word(12) / tileHeight) > 65535) return undefined;
  return { width, height, components: view.getUint16(40), precision: (bytes[42] & 0x7f) + 1, marker: 0x51 };
}

/**
 * The size of a compressed frame, which must be that of the file's header.
 * @throws MiasError `image-unreadable` where there is none, or another one
 */
export function requireFileSize(frame: EncodedFrame, bytes: Uint8Array, format: string): CodestreamSize {
  const size = jpegSize(bytes) ?? jpeg2000Size(bytes);
  if (!size) throw damagedFrame(frame, format);
  const { columns, rows, samples, bitsAllocated } = frame.layout;
  const isSame = size.width === columns && size.height === rows && size.components === samples;
  if (isSame && size.precision <= bitsAllocated) return size;
  const expected = `${columns} x ${rows} x ${samples} of at most ${bitsAllocated} bits`;
  const got = `${size.width} x ${size.height} x ${size.components} of ${size.precision}`;
  const rule = `must have frames of ${expected} as its header says, got ${got} in frame ${frame.index + 1}`;
  throw unreadableDicom(frame.name, `${rule}; export it again`);
}
