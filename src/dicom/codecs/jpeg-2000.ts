import { type DecodedFrame, damagedFrame, type EncodedFrame, samplesOfBytes, wholeFrame } from "./codec.ts";
import { requireFileSize } from "./codestream-size.ts";
import { hasWholeTileParts } from "./tile-parts.ts";
import { decodeByWasm, type WasmCodecName } from "./wasm-codec.ts";

/** JPEG 2000, lossless or not, by OpenJPEG. Its colour transforms are undone by the decoder. */
export function decodeJpeg2000(frame: EncodedFrame): Promise<DecodedFrame> {
  return decode(frame, "openjpeg", "JPEG 2000");
}

/** High-throughput JPEG 2000, lossless or not, by OpenJPH. */
export function decodeHtj2k(frame: EncodedFrame): Promise<DecodedFrame> {
  return decode(frame, "openjph", "HTJ2K");
}

async function decode(frame: EncodedFrame, codec: WasmCodecName, format: string): Promise<DecodedFrame> {
  const encoded = wholeFrame(frame);
  requireFileSize(frame, encoded, format);
  if (!hasWholeTileParts(encoded)) throw damagedFrame(frame, format);
  const { bytes, bits } = await decodeByWasm(codec, frame, encoded, format);
  const samples = samplesOfBytes(bytes, bits > 8 ? 2 : 1);
  const { photometric } = frame.layout;
  const isRgb = photometric === "YBR_ICT" || photometric === "YBR_RCT";
  return { samples, bits: Math.min(bits, frame.layout.bitsStored), lowBit: 0, planar: false, isRgb };
}
