import { expect, test } from "vitest";
import { formatOfEnding, sniffForeign, sniffImage } from "./sniff-format.ts";

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

test("images are told by their first bytes", () => {
  expect(sniffImage(bytes("\x89PNG\r\n\x1a\n"))).toBe("PNG");
  expect(sniffImage(bytes("\xff\xd8\xff\xe0"))).toBe("JPEG");
  expect(sniffImage(bytes("MM\0*"))).toBe("TIFF");
  expect(sniffImage(bytes("II+\0"))).toBe("TIFF");
  expect(sniffImage(bytes("RIFF\x10\0\0\0WEBP"))).toBe("WebP");
  expect(sniffImage(bytes("BM------------\x28\0\0\0"))).toBe("BMP");
});

test("what only begins alike is no image", () => {
  expect(sniffImage(bytes("RIFF\x10\0\0\0WAVE"))).toBeUndefined();
  expect(sniffImage(bytes("BMI of the patients"))).toBeUndefined();
  expect(sniffImage(bytes("\x89PN"))).toBeUndefined();
  expect(sniffImage(new Uint8Array(0))).toBeUndefined();
});

test("known formats that are not read have a name", () => {
  expect(sniffForeign(bytes("GIF89a"))).toBe("GIF");
  expect(sniffForeign(bytes("\x08\0\x05\0CS"))).toBe("DICOM"); // stored without its preamble
  expect(sniffForeign(bytes("....n+2\0"))).toBe("NIfTI");
  expect(sniffForeign(bytes("hello"))).toBeUndefined();
});

test("endings promise a format in any case", () => {
  expect(formatOfEnding("a/b.PNG")).toBe("PNG");
  expect(formatOfEnding("scan.nii.jpeg")).toBe("JPEG");
  expect(formatOfEnding("scan.dcm")).toBeUndefined();
  expect(formatOfEnding("folder.png/scan")).toBeUndefined();
  expect(formatOfEnding("scan.constructor")).toBeUndefined();
});
