import { joined } from "../../util/joined.ts";
import { type DecodedFrame, type EncodedFrame, wholeFrame } from "./codec.ts";
import { jpegSegments, requireFileSize } from "./codestream-size.ts";
import { decodeByWasm } from "./wasm-codec.ts";

/** APP14 of Adobe, which says that the components are red, green and blue. */
const ADOBE_RGB = Uint8Array.of(0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0);
const APP0 = 0xe0;
const APP14 = 0xee;

/** JPEG of 8 bits with DCT, by libjpeg-turbo, which makes YCbCr red, green and blue. */
export async function decodeJpegBaseline(frame: EncodedFrame): Promise<DecodedFrame> {
  const encoded = wholeFrame(frame);
  requireFileSize(frame, encoded, "JPEG");
  const { bytes } = await decodeByWasm("libjpeg-turbo", frame, withColourSpace(frame, encoded), "JPEG");
  return { samples: bytes, bits: 8, lowBit: 0, planar: false, isRgb: frame.layout.samples === 3 };
}

/** A JPEG that does not tell its colours is taken as YCbCr by the decoder: where the file says RGB, it is told so. */
function withColourSpace({ layout }: EncodedFrame, jpeg: Uint8Array): Uint8Array {
  if (layout.photometric !== "RGB") return jpeg;
  const tells = [...jpegSegments(jpeg)].some(({ marker }) => marker === APP0 || marker === APP14);
  return tells ? jpeg : joined(Uint8Array, [jpeg.subarray(0, 2), ADOBE_RGB, jpeg.subarray(2)]);
}
