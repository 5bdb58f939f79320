// What a file is, by its first bytes. Nothing is decoded here.

/** The formats that are read. */
export type ImageFormat = "PNG" | "JPEG" | "TIFF" | "WebP" | "BMP";

/** How many bytes from the start of a file the functions below look at, at most. */
export const HEAD_BYTES = 1024;

const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));

type Magic<Format> = readonly [format: Format, offset: number, bytes: readonly number[]];

const IMAGE_MAGIC: readonly Magic<ImageFormat>[] = [
  ["PNG", 0, [0x89, ...ascii("PNG\r\n\x1a\n")]],
  ["JPEG", 0, [0xff, 0xd8, 0xff]],
  ["TIFF", 0, ascii("II*\0")],
  ["TIFF", 0, ascii("MM\0*")],
  ["TIFF", 0, ascii("II+\0")],
  ["TIFF", 0, ascii("MM\0+")],
];

const FOREIGN_MAGIC: readonly Magic<string>[] = [
  ["NIfTI", 344, ascii("n+1\0")],
  ["NIfTI", 344, ascii("ni1\0")],
  ["NIfTI", 4, ascii("n+2\0")],
  ["NIfTI", 4, ascii("ni2\0")],
  ["NRRD", 0, ascii("NRRD")],
  ["MetaImage", 0, ascii("ObjectType = Image")],
  ["zip", 0, ascii("PK\x03\x04")],
  ["zip", 0, ascii("PK\x05\x06")],
  ["GIF", 0, ascii("GIF8")],
  ["JPEG 2000", 0, [0, 0, 0, 12, ...ascii("jP  ")]],
  ["JPEG 2000", 0, [0xff, 0x4f, 0xff, 0x51]],
  ["HEIF", 4, ascii("ftyp")],
  ["PDF", 0, ascii("%PDF")],
  ["NumPy", 0, [0x93, ...ascii("NUMPY")]],
  ["gzip", 0, [0x1f, 0x8b]],
];

/** Sizes of the BMP headers in use; two letters alone would let a text that starts with "BM" pass. */
const BMP_HEADER_SIZES = new Set([12, 16, 40, 52, 56, 64, 108, 124]);

/** First elements of a DICOM data set that was stored without its preamble: group 2 or 8, little endian. */
const BARE_DICOM_ELEMENTS = new Set([0x00000002, 0x00010002, 0x00000008, 0x00050008, 0x00080008, 0x00160008]);

/** The format of an image that is read, or undefined. `head` is the start of the file. */
export function sniffImage(head: Uint8Array): ImageFormat | undefined {
  if (isDicom(head)) return undefined;
  if (holds(head, 0, ascii("RIFF")) && holds(head, 8, ascii("WEBP"))) return "WebP";
  if (holds(head, 0, ascii("BM")) && BMP_HEADER_SIZES.has(uint32(head, 14))) return "BMP";
  return IMAGE_MAGIC.find(([, offset, bytes]) => holds(head, offset, bytes))?.[0];
}

/** The name of a known format that is not read, for a clear message, or undefined. */
export function sniffForeign(head: Uint8Array): string | undefined {
  if (isDicom(head)) return "DICOM";
  return FOREIGN_MAGIC.find(([, offset, bytes]) => holds(head, offset, bytes))?.[0];
}

/** A DICOM file may carry the first bytes of a TIFF in its preamble, so this is asked before all else. */
function isDicom(head: Uint8Array): boolean {
  return holds(head, 128, ascii("DICM")) || BARE_DICOM_ELEMENTS.has(uint32(head, 0));
}

const ENDINGS: Readonly<Record<string, ImageFormat>> = {
  png: "PNG",
  jpg: "JPEG",
  jpeg: "JPEG",
  tif: "TIFF",
  tiff: "TIFF",
  webp: "WebP",
  bmp: "BMP",
};

/** The format that the ending of a file's name promises, or undefined for any other ending. */
export function formatOfEnding(path: string): ImageFormat | undefined {
  return byEnding(ENDINGS, path);
}

const UNREAD_ENDINGS: Readonly<Record<string, string>> = {
  gif: "GIF",
  jp2: "JPEG 2000",
  j2k: "JPEG 2000",
  jpx: "JPEG 2000",
  heic: "HEIF",
  heif: "HEIF",
  avif: "AVIF",
  jxl: "JPEG XL",
};

/** The image format that is not read which the ending of a file's name promises, or undefined. */
export function unreadFormatOfEnding(path: string): string | undefined {
  return byEnding(UNREAD_ENDINGS, path);
}

function byEnding<Format>(formats: Readonly<Record<string, Format>>, path: string): Format | undefined {
  const ending = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase();
  return ending === undefined || !Object.hasOwn(formats, ending) ? undefined : formats[ending];
}

function holds(head: Uint8Array, offset: number, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[offset + index] === byte);
}

/** Little endian; 0xffffffff past the end of `head`, which no table here holds. */
function uint32(head: Uint8Array, offset: number): number {
  if (head.length < offset + 4) return 0xffffffff;
  return new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(offset, true);
}
