import { joined } from "../../util/joined.ts";
import { type DecodedFrame, type EncodedFrame, samplesOfBytes, wholeFrame } from "./codec.ts";
import { requireFileSize } from "./codestream-size.ts";
import { decodeByWasm } from "./wasm-codec.ts";

/** Without an end marker CharLS looks for one far beyond the frame, for many seconds; with a second one it stops. */
const END_OF_IMAGE = Uint8Array.of(0xff, 0xd9);

/** JPEG-LS (ITU-T T.87), lossless or near-lossless, by CharLS. */
export async function decodeJpegLs(frame: EncodedFrame): Promise<DecodedFrame> {
  const encoded = wholeFrame(frame);
  requireFileSize(frame, encoded, "JPEG-LS");
  const ended = joined(Uint8Array, [encoded, END_OF_IMAGE]);
  const { bytes, bits, interleaveMode } = await decodeByWasm("charls", frame, ended, "JPEG-LS");
  return {
    samples: samplesOfBytes(bytes, bits > 8 ? 2 : 1),
    bits: Math.min(bits, frame.layout.bitsStored),
    lowBit: 0,
    planar: interleaveMode === 0,
    isRgb: false,
  };
}
