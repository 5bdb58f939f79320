import type { CodecName } from "../transfer-syntax.ts";
import type { FrameDecoder } from "./codec.ts";
import { decodeHtj2k, decodeJpeg2000 } from "./jpeg-2000.ts";
import { decodeJpegBaseline } from "./jpeg-baseline.ts";
import { decodeJpegExtended } from "./jpeg-extended.ts";
import { decodeJpegLossless } from "./jpeg-lossless.ts";
import { decodeJpegLs } from "./jpeg-ls.ts";
import { decodeNative } from "./native.ts";
import { decodeRle } from "./rle.ts";

/** The decoder of each codec that a transfer syntax names. */
export const DECODERS: Readonly<Record<CodecName, FrameDecoder>> = {
  native: decodeNative,
  rle: decodeRle,
  "jpeg-baseline": decodeJpegBaseline,
  "jpeg-extended": decodeJpegExtended,
  "jpeg-lossless": decodeJpegLossless,
  "jpeg-ls": decodeJpegLs,
  "jpeg-2000": decodeJpeg2000,
  htj2k: decodeHtj2k,
};
