import { truncatedDicom, unreadableDicom } from "../dicom-errors.ts";
import { type DecodedFrame, type EncodedFrame, type SampleArray, wholeFrame } from "./codec.ts";

/** Offsets of up to 15 segments after their number, all 32-bit little endian. */
const HEADER_BYTES = 64;

/**
 * RLE Lossless (DICOM PS3.5 annex G): a segment for each byte of each sample, the highest byte first, packed as
 * PackBits does.
 * @throws MiasError `image-unreadable` where segments are missing, out of place or too short
 */
export function decodeRle(frame: EncodedFrame): DecodedFrame {
  const { layout } = frame;
  const bytes = wholeFrame(frame);
  const sampleBytes = Math.max(8, layout.bitsAllocated) / 8;
  const offsets = readOffsets(frame, bytes, layout.samples * sampleBytes);
  const pixels = layout.rows * layout.columns;
  const samples = newSamples(sampleBytes, pixels * layout.samples);
  offsets.slice(0, -1).forEach((start, segment) => {
    const plane = Math.floor(segment / sampleBytes) * pixels;
    const shift = 8 * (sampleBytes - 1 - (segment % sampleBytes));
    const written = unpack(
      bytes.subarray(start, offsets[segment + 1]),
      samples,
      plane,
      plane + pixels,
      shift,
    );
    if (written < pixels)
      throw truncatedDicom(frame.name, `segment ${segment + 1} of frame ${frame.index + 1}`, pixels, written);
  });
  return {
    samples,
    bits: layout.bitsStored,
    lowBit: layout.highBit + 1 - layout.bitsStored,
    planar: true,
    isRgb: false,
  };
}

function newSamples(bytes: number, count: number): SampleArray {
  if (bytes === 1) return new Uint8Array(count);
  return bytes === 2 ? new Uint16Array(count) : new Uint32Array(count);
}

/** Where each segment begins, and where the last one ends. */
function readOffsets(frame: EncodedFrame, bytes: Uint8Array, expected: number): number[] {
  if (bytes.length < HEADER_BYTES) {
    throw truncatedDicom(
      frame.name,
      `the RLE header of frame ${frame.index + 1}`,
      HEADER_BYTES,
      bytes.length,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  if (count !== expected) {
    const rule = `must have ${expected} RLE segments a frame, got ${count} in frame ${frame.index + 1}`;
    throw unreadableDicom(frame.name, `${rule}; export it again`);
  }
  const offsets = Array.from({ length: count }, (_, index) => view.getUint32(4 + 4 * index, true));
  offsets.push(bytes.length);
  const isOrdered = offsets.every(
    (offset, index) => offset >= (index === 0 ? HEADER_BYTES : offsets[index - 1]),
  );
  if (isOrdered && offsets[count - 1] <= bytes.length) return offsets;
  throw unreadableDicom(
    frame.name,
    `must have RLE segments in order, but frame ${frame.index + 1} has not; export it again`,
  );
}

/** Adds the unpacked bytes, `shift` bits up, to the samples from `at` to `end`; returns how many were there. */
function unpack(packed: Uint8Array, samples: SampleArray, at: number, end: number, shift: number): number {
  const start = at;
  for (let read = 0; read < packed.length && at < end; ) {
    const control = packed[read++];
    if (control === 128) continue;
    const isRun = control > 128;
    const length = isRun ? 257 - control : control + 1;
    const stop = Math.min(at + length, end, isRun ? end : at + packed.length - read);
    if (isRun && read >= packed.length) break;
    for (let from = read; at < stop; at++) {
      samples[at] |= packed[isRun ? read : from++] << shift;
    }
    read += isRun ? 1 : length;
  }
  return at - start;
}
