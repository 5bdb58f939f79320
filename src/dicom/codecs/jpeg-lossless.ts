import { Decoder } from "jpeg-lossless-decoder-js";
import { unsupportedDicom } from "../dicom-errors.ts";
import { type DecodedFrame, damagedFrame, type EncodedFrame, wholeFrame } from "./codec.ts";
import { type CodestreamSize, jpegSegments, requireFileSize } from "./codestream-size.ts";

const LOSSLESS = 0xc3;
const SCAN = 0xda;

/**
 * JPEG lossless (ITU-T T.81 annex H, process 14, any predictor).
 * @throws MiasError `image-unreadable` where it is damaged, `image-unsupported` for what the decoder would get wrong: a
 *   point transform, or colours of more than 8 bits
 */
export function decodeJpegLossless(frame: EncodedFrame): DecodedFrame {
  const encoded = wholeFrame(frame);
  const size = requireFileSize(frame, encoded, "JPEG lossless");
  if (size.marker !== LOSSLESS) throw damagedFrame(frame, "JPEG lossless");
  requireSupported(frame, encoded, size);
  const samples = runDecoder(frame, encoded);
  const { rows, columns, samples: components, bitsStored } = frame.layout;
  if (samples.length !== rows * columns * components) throw damagedFrame(frame, "JPEG lossless");
  return { samples, bits: Math.min(size.precision, bitsStored), lowBit: 0, planar: false, isRgb: false };
}

function requireSupported(frame: EncodedFrame, encoded: Uint8Array, size: CodestreamSize): void {
  if (size.components === 3 && size.precision > 8) {
    const rule = `must have colours of at most 8 bits in JPEG lossless, got ${size.precision}`;
    throw unsupportedDicom(frame.name, `${rule}; export it uncompressed`);
  }
  const scan = [...jpegSegments(encoded)].find(({ marker }) => marker === SCAN);
  if (!scan) throw damagedFrame(frame, "JPEG lossless");
  const pointTransform = encoded[scan.end - 1] & 15;
  if (pointTransform === 0) return;
  const rule = `must have a point transform of 0 in JPEG lossless, got ${pointTransform}`;
  throw unsupportedDicom(frame.name, `${rule}; export it uncompressed`);
}

/** Runs the decoder, which reads on beyond the end and stops at any marker without a word. */
function runDecoder(frame: EncodedFrame, encoded: Uint8Array): Uint8Array | Uint16Array {
  const copy = encoded.slice();
  const decoder = new Decoder();
  try {
    const samples = decoder.decode(copy.buffer, 0, copy.length);
    if (decoder.yLoc === frame.layout.rows && (decoder.stream?.index ?? 0) <= copy.length) return samples;
  } catch (cause) {
    throw damagedFrame(frame, "JPEG lossless", cause);
  }
  throw damagedFrame(frame, "JPEG lossless");
}
