// Where the frames of an image lie in its pixel data (DICOM PS3.5 annex A.4 for compressed ones), checked against what
// the file says of its size before anything is allocated.

import { truncatedDicom, unreadableDicom, unsupportedDicom } from "./dicom-errors.ts";
import type { DicomFile } from "./dicom-file.ts";
import {
  type DatasetEncoding,
  type Element,
  EXTENDED_OFFSET_TABLE,
  type Fragment,
  findFragments,
  PIXEL_DATA,
} from "./elements.ts";
import type { PixelLayout } from "./instance.ts";

/** A compressed frame may always unfold to this many bytes, and beyond to so many times its own. */
const ALWAYS_ALLOWED = 2 ** 26;
const MOST_UNFOLDING = 1000;

/** Bits that a sample takes on average; YBR_FULL_422 shares its colours between two pixels. */
function bitsPerPixel({ samples, bitsAllocated, photometric }: PixelLayout, native: boolean): number {
  const stored = native && photometric === "YBR_FULL_422" ? 2 : samples;
  return stored * bitsAllocated;
}

/**
 * The fragments of each frame, as views.
 * @throws MiasError `image-unreadable` where there are fewer bytes or fragments than frames need,
 *   `image-unsupported` where there is no pixel data
 */
export function findEncodedFrames(
  name: string,
  file: DicomFile,
  layout: PixelLayout,
  frames: number,
): Uint8Array[][] {
  const element = file.elements.find(({ tag }) => tag === PIXEL_DATA);
  if (!element) throw unsupportedDicom(name, "must have pixel data, but holds none; leave it out");
  if (file.syntax.codec === "native") return nativeFrames(name, file, element, layout, frames);
  if (!element.undefinedLength) {
    throw unreadableDicom(name, "must hold compressed pixels in fragments, but does not; export it again");
  }
  const [table, ...fragments] = findFragments(name, file.dataset, element);
  const groups = groupFragments(name, file, fragments, frames, offsetsOf(file, table));
  requirePlausible(name, layout, frames, element.end - element.valueStart);
  return groups.map((group) => group.map(({ start, end }) => file.dataset.subarray(start, end)));
}

function nativeFrames(
  name: string,
  { dataset, encoding }: DicomFile,
  element: Element,
  layout: PixelLayout,
  frames: number,
): Uint8Array[][] {
  if (element.undefinedLength) {
    throw unreadableDicom(name, "must hold its pixels in one piece, but has fragments; export it again");
  }
  const bits = layout.rows * layout.columns * bitsPerPixel(layout, true);
  const needed = Math.ceil((frames * bits) / 8);
  const have = element.end - element.valueStart;
  if (have < needed) throw truncatedDicom(name, `pixel data of ${frames} frames`, needed, have);
  const whole = bytesInOrder(dataset.subarray(element.valueStart, element.end), element, layout, encoding);
  if (layout.bitsAllocated === 1) return Array.from({ length: frames }, () => [whole]);
  const size = bits / 8;
  return Array.from({ length: frames }, (_, index) => [whole.subarray(index * size, (index + 1) * size)]);
}

/** Bytes that are written as words lie in pairs the wrong way round in big endian (PS3.5 8.2 and annex A.3). */
function bytesInOrder(
  bytes: Uint8Array,
  { vr }: Element,
  { bitsAllocated }: PixelLayout,
  { littleEndian }: DatasetEncoding,
): Uint8Array {
  if (littleEndian || vr !== "OW" || bitsAllocated > 8) return bytes;
  return bytes.map((_, at) => bytes[at ^ 1]);
}

/** Where frames begin, from the first fragment's item on: the extended offset table, or the basic one. */
function offsetsOf({ dataset, elements }: DicomFile, table: Fragment): number[] {
  const extended = elements.find(({ tag }) => tag === EXTENDED_OFFSET_TABLE);
  const bytes = extended
    ? dataset.subarray(extended.valueStart, extended.end)
    : dataset.subarray(table.start, table.end);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = extended ? 8 : 4;
  const read = (at: number) => (extended ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true));
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, index) => read(index * size));
}

function groupFragments(
  name: string,
  file: DicomFile,
  fragments: readonly Fragment[],
  frames: number,
  offsets: readonly number[],
): Fragment[][] {
  if (fragments.length < frames) {
    throw unreadableDicom(
      name,
      `must have a fragment for each of ${frames} frames, got ${fragments.length}; export it again`,
    );
  }
  if (fragments.length === frames) return fragments.map((fragment) => [fragment]);
  if (frames === 1) return [[...fragments]];
  const starts =
    offsets.length === frames
      ? fragments.map(({ offset }) => offsets.includes(offset))
      : fragments.map((fragment) => beginsCodestream(file.dataset, fragment));
  if (!starts[0] || starts.filter(Boolean).length !== frames) {
    const rule = `must tell which of its ${fragments.length} fragments begin its ${frames} frames`;
    throw unreadableDicom(name, `${rule}, but does not; export it again`);
  }
  const groups: Fragment[][] = [];
  fragments.forEach((fragment, index) => {
    if (starts[index]) groups.push([]);
    groups[groups.length - 1].push(fragment);
  });
  return groups;
}

/** Whether a JPEG or JPEG-LS (FFD8) or a JPEG 2000 (FF4F) begins here. */
function beginsCodestream(dataset: Uint8Array, { start, end }: Fragment): boolean {
  return (
    end - start >= 2 &&
    dataset[start] === 0xff &&
    (dataset[start + 1] === 0xd8 || dataset[start + 1] === 0x4f)
  );
}

/** Keeps a small file that claims a huge image from costing anything. */
function requirePlausible(name: string, layout: PixelLayout, frames: number, compressed: number): void {
  const needed = (frames * layout.rows * layout.columns * bitsPerPixel(layout, false)) / 8;
  const most = ALWAYS_ALLOWED + MOST_UNFOLDING * compressed;
  if (needed <= most) return;
  const rule = `claims ${needed} bytes of pixels, but holds ${compressed} compressed ones`;
  throw unreadableDicom(name, `${rule}, which is at most ${most}; export it again`);
}
