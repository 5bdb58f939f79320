import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isInput, kindOfFile, kindOfName } from "./input-kind.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "mias-kind-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(name: string, bytes: Uint8Array | string): string {
  writeFileSync(join(root, name), bytes);
  return join(root, name);
}

/** The first bytes of a DICOM file: 128 of anything, then its mark. */
const dicom = Uint8Array.from({ length: 132 }, (_, i) => (i < 128 ? 0 : "DICM".charCodeAt(i - 128)));

test.each([
  ["a.png", "picture"],
  ["a.nii.gz", "volume"],
  ["a.NII", "volume"],
  ["a.hdr", "volume"],
  ["a.mhd", "volume"],
  ["a.dcm", "dicom"],
  ["deep.er/IM_0001", "unknown"],
  ["1.2.840.10008.5", "unknown"],
  ["dicomdir", "dicomdir"],
  ["study.zip", "zip"],
  ["a.img", undefined],
  ["a.gz", undefined],
  ["notes.txt", undefined],
])("the name %s tells %s", (name, kind) => {
  expect(kindOfName(name)).toBe(kind);
});

test("in a folder a file without an ending is an input where its bytes are those of DICOM", async () => {
  expect(await isInput(write("IM_0001", dicom))).toBe(true);
  expect(await isInput(write("README", "a text"))).toBe(false);
});

test("a file that is named is what its bytes say", async () => {
  expect(await kindOfFile(write("scan.png", dicom))).toBe("dicom");
  expect(await kindOfFile(write("scan.dat", "NRRD0004\n"))).toBe("volume");
  expect(await kindOfFile(write("scan.mha", "ObjectType = Image\n"))).toBe("volume");
  expect(await kindOfFile(write("scan", "PK\x03\x04"))).toBe("zip");
  expect(await kindOfFile(write("scan.nii.gz", ""))).toBe("volume");
});

test("what neither name nor bytes tell is a picture: reading it says what is wrong", async () => {
  expect(await kindOfFile(write("notes.txt", "a text"))).toBe("picture");
  expect(await kindOfFile(join(root, "missing"))).toBe("picture");
});
