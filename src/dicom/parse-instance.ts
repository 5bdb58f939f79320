import { issue } from "../issues.ts";
import { fingerprint } from "../util/fingerprint.ts";
import type { DicomAttributes } from "../volume-types.ts";
import { itemsOf, numberOf, numbersOf, textOf } from "./attribute-values.ts";
import { readAttributes } from "./attributes.ts";
import { unreadableDicom, unsupportedDicom } from "./dicom-errors.ts";
import { type DicomFile, openDicomFile } from "./dicom-file.ts";
import { PIXEL_DATA } from "./elements.ts";
import { findEncodedFrames } from "./encoded-frames.ts";
import { readFrameHeaders } from "./frame-headers.ts";
import type { DicomInstance, InstanceHeader, PixelLayout, PixelSource } from "./instance.ts";
import { readLookupTable, readPalette } from "./lookup-table.ts";
import { nonImageName } from "./non-images.ts";
import { readPixelLayout } from "./pixel-layout.ts";
import { oddRescales } from "./rescale-range.ts";

/** More than any device makes; a claim of more is damage. */
const MOST_FRAMES = 2 ** 20;

/**
 * Reads a DICOM image but for its pixels: its header, its attributes, and where its frames lie. What the file claims is
 * checked against the bytes that are there before anything is allocated. `bytes` must not change while the result is
 * used, which holds views of them.
 * @throws MiasError `image-unreadable` where it is no DICOM file, damaged, cut short, or says what cannot be;
 *   `image-unsupported` where it is no image (a report, a PDF, a segmentation ...) or of a kind that is not read here
 */
export function parseInstance(name: string, bytes: Uint8Array): DicomInstance {
  const file = openDicomFile(name, bytes);
  const attributes = readAttributes(name, file);
  requireImage(name, file, attributes);
  const layout = readPixelLayout(name, attributes);
  const count = readFrameCount(name, attributes);
  const encoded = findEncodedFrames(name, file, layout, count);
  const pixels = readPixelSource(name, file, attributes, layout, encoded);
  const header = { ...readHeader(name, attributes, layout, encoded), transferSyntax: file.syntax.name };
  return { header, attributes, pixels };
}

function requireImage(name: string, file: DicomFile, attributes: DicomAttributes): void {
  const what = nonImageName(textOf(attributes, "SOPClassUID") ?? "");
  if (what !== undefined) throw unsupportedDicom(name, `must be an image, but is ${what}; leave it out`);
  if (file.elements.some(({ tag }) => tag === PIXEL_DATA)) return;
  throw unsupportedDicom(name, "must have pixel data, but holds none; leave it out");
}

function readFrameCount(name: string, attributes: DicomAttributes): number {
  const count = numberOf(attributes, "NumberOfFrames") ?? 1;
  if (Number.isInteger(count) && count >= 1 && count <= MOST_FRAMES) return count;
  throw unreadableDicom(
    name,
    `must have NumberOfFrames from 1 to ${MOST_FRAMES}, got ${count}; export it again`,
  );
}

function readHeader(
  name: string,
  attributes: DicomAttributes,
  layout: PixelLayout,
  encoded: readonly (readonly Uint8Array[])[],
): Omit<InstanceHeader, "transferSyntax"> {
  const { frames, oddWindows } = readFrameHeaders(name, attributes, encoded.length);
  const frameOfReferenceUid = textOf(attributes, "FrameOfReferenceUID");
  const seriesNumber = numberOf(attributes, "SeriesNumber");
  const instanceNumber = numberOf(attributes, "InstanceNumber");
  const modality = textOf(attributes, "Modality");
  const sliceThickness = numberOf(attributes, "SliceThickness");
  return {
    name,
    sopClassUid: textOf(attributes, "SOPClassUID") ?? "",
    sopInstanceUid: textOf(attributes, "SOPInstanceUID") ?? "",
    seriesInstanceUid: textOf(attributes, "SeriesInstanceUID") ?? "",
    ...(frameOfReferenceUid !== undefined && { frameOfReferenceUid }),
    ...(seriesNumber !== undefined && { seriesNumber }),
    ...(instanceNumber !== undefined && { instanceNumber }),
    ...(modality !== undefined && { modality }),
    ...(sliceThickness !== undefined && { sliceThickness }),
    layout,
    pixelBytes: encoded.reduce(
      (sum, parts) => sum + parts.reduce((bytes, part) => bytes + part.length, 0),
      0,
    ),
    // Bit-packed frames share the whole.
    pixelFingerprint: fingerprint(new Set(encoded.flat())),
    frames,
    issues: [
      ...oddWindows.map((odd) => issue("window-odd", name, odd)),
      ...oddRescales(layout, frames).map((odd) => issue("rescale-odd", name, odd)),
    ],
  };
}

function readPixelSource(
  name: string,
  file: DicomFile,
  attributes: DicomAttributes,
  layout: PixelLayout,
  frames: readonly (readonly Uint8Array[])[],
): PixelSource {
  const { littleEndian } = file.encoding;
  const input = { signed: layout.signed, littleEndian };
  const table = itemsOf(attributes, "ModalityLUTSequence")[0];
  const padding = readPadding(attributes, layout);
  return {
    codec: file.syntax.codec,
    littleEndian,
    frames,
    ...(table && { modalityTable: readLookupTable(name, table, "LUTDescriptor", "LUTData", input) }),
    ...(layout.photometric === "PALETTE COLOR" && { palette: readPalette(name, attributes, input) }),
    ...(padding && { padding }),
  };
}

/** Stored values that are no measurement; without a VR in the file, signed ones come as if they were unsigned. */
function readPadding(
  attributes: DicomAttributes,
  layout: PixelLayout,
): readonly [number, number] | undefined {
  const [value] = numbersOf(attributes, "PixelPaddingValue");
  if (value === undefined) return undefined;
  const limit = numberOf(attributes, "PixelPaddingRangeLimit") ?? value;
  const toSigned = (stored: number) => (layout.signed && stored > 32767 ? stored - 65536 : stored);
  const [a, b] = [toSigned(value), toSigned(limit)];
  return [Math.min(a, b), Math.max(a, b)];
}
