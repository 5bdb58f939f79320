import { type DecodedFrame, type EncodedFrame, samplesOfBytes, wholeFrame } from "./codec.ts";
import { requireFileSize } from "./codestream-size.ts";
import { decodeByWasm } from "./wasm-codec.ts";

/** JPEG-LS (ITU-T T.87), lossless or near-lossless, by CharLS. */
export async function decodeJpegLs(frame: EncodedFrame): Promise<DecodedFrame> {
  const encoded = wholeFrame(frame);
  requireFileSize(frame, encoded, "JPEG-LS");
  const { bytes, bits, interleaveMode } = await decodeByWasm("charls", frame, encoded, "JPEG-LS");
  return {
    samples: samplesOfBytes(bytes, bits > 8 ? 2 : 1),
    bits: Math.min(bits, frame.layout.bitsStored),
    lowBit: 0,
    planar: interleaveMode === 0,
    isRgb: false,
  };
}
