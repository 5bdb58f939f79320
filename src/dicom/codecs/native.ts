import type { PixelLayout } from "../instance.ts";
import type { DecodedFrame, EncodedFrame, SampleArray } from "./codec.ts";

/** Uncompressed samples (DICOM PS3.5 section 8); that there are enough bytes was checked when they were found. */
export function decodeNative(frame: EncodedFrame): DecodedFrame {
  const { layout } = frame;
  return {
    samples: nativeSamples(frame),
    bits: layout.bitsStored,
    lowBit: layout.highBit + 1 - layout.bitsStored,
    planar: layout.planar,
    isRgb: false,
  };
}

function nativeSamples({ index, fragments: [bytes], layout, littleEndian }: EncodedFrame): SampleArray {
  const count = layout.rows * layout.columns * layout.samples;
  if (layout.bitsAllocated === 1) return unpackedBits(bytes, index * count, count);
  if (layout.photometric === "YBR_FULL_422" && layout.bitsAllocated === 8) return unpaired(bytes, layout);
  if (layout.bitsAllocated === 8) return bytes.subarray(0, count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (layout.bitsAllocated === 16) {
    const samples = new Uint16Array(count);
    for (let at = 0; at < count; at++) samples[at] = view.getUint16(2 * at, littleEndian);
    return samples;
  }
  const samples = new Uint32Array(count);
  for (let at = 0; at < count; at++) samples[at] = view.getUint32(4 * at, littleEndian);
  return samples;
}

/** Frames of single bits follow each other without gaps, the lowest bit of a byte first. */
function unpackedBits(bytes: Uint8Array, first: number, count: number): Uint8Array {
  const samples = new Uint8Array(count);
  for (let at = 0; at < count; at++) samples[at] = (bytes[(first + at) >> 3] >> ((first + at) & 7)) & 1;
  return samples;
}

/** Of two pixels Y1 Y2 Cb Cr: both take the same colour (PS3.3 C.7.6.3.1.2). */
function unpaired(bytes: Uint8Array, { rows, columns }: PixelLayout): Uint8Array {
  const samples = new Uint8Array(rows * columns * 3);
  for (let pair = 0; 2 * pair < rows * columns; pair++) {
    for (const second of [0, 1]) {
      const at = 3 * (2 * pair + second);
      samples[at] = bytes[4 * pair + second];
      samples[at + 1] = bytes[4 * pair + 2];
      samples[at + 2] = bytes[4 * pair + 3];
    }
  }
  return samples;
}
