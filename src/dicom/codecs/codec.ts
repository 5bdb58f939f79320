// What a decoder of frames takes and gives; types, and what all of them share.

import { joined } from "../../util/joined.ts";
import { unreadableDicom } from "../dicom-errors.ts";
import type { PixelLayout } from "../instance.ts";

export interface EncodedFrame {
  /** The file's name, for messages. */
  readonly name: string;
  /** From 0. */
  readonly index: number;
  readonly fragments: readonly Uint8Array[];
  readonly layout: PixelLayout;
  readonly littleEndian: boolean;
}

export type SampleArray = Uint8Array | Uint16Array | Uint32Array;

/** Samples as bits: signs are not extended yet, and bits above or below the stored ones may hold anything. */
export interface DecodedFrame {
  readonly samples: SampleArray;
  /** Meaningful bits of a sample, from `lowBit` up. */
  readonly bits: number;
  readonly lowBit: number;
  /** Plane after plane instead of sample by sample. */
  readonly planar: boolean;
  /** Colours were made red, green and blue by the decoder, whatever the file calls them. */
  readonly isRgb: boolean;
}

export type FrameDecoder = (frame: EncodedFrame) => DecodedFrame | Promise<DecodedFrame>;

/** The bytes of a frame in one piece. */
export function wholeFrame({ fragments }: EncodedFrame): Uint8Array {
  return fragments.length === 1 ? fragments[0] : joined(Uint8Array, fragments);
}

/** A frame whose bits cannot be decoded. */
export function damagedFrame({ name, index }: EncodedFrame, format: string, cause?: unknown): Error {
  const what = `must have frames that decode as ${format}, but frame ${index + 1} does not`;
  return unreadableDicom(name, `${what}; copy or export it again`, cause);
}

/** Little-endian bytes of a decoder as samples of 1, 2 or 4 bytes; copied, so that the decoder may go. */
export function samplesOfBytes(bytes: Uint8Array, bytesPerSample: number): SampleArray {
  const copy = bytes.slice();
  if (bytesPerSample === 1) return copy;
  const count = Math.floor(copy.length / bytesPerSample);
  return bytesPerSample === 2
    ? new Uint16Array(copy.buffer, 0, count)
    : new Uint32Array(copy.buffer, 0, count);
}
