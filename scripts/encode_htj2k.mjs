// Encodes raw samples as a lossless HTJ2K codestream by OpenJPH, for golden_dicom.py: no program in Python does.
// Usage: node encode_htj2k.mjs WIDTH HEIGHT BITS COMPONENTS SIGNED < samples > codestream

import { readFileSync, writeFileSync } from "node:fs";
import openjph from "@cornerstonejs/codec-openjph";

const [width, height, bitsPerSample, componentCount, signed] = process.argv.slice(2).map(Number);
const codec = await openjph({ print() {}, printErr() {} });
const encoder = new codec.HTJ2KEncoder();
const isSigned = signed === 1;
const info = {
  width,
  height,
  bitsPerSample,
  componentCount,
  isSigned,
  isUsingColorTransform: componentCount === 3,
};
encoder.getDecodedBuffer(info).set(readFileSync(0));
encoder.setQuality(true, 0);
encoder.encode();
writeFileSync(1, encoder.getEncodedBuffer());
