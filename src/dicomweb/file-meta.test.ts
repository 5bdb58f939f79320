import { expect, test } from "vitest";
import { tinyDicom } from "../../test/support/tiny-dicom.ts";
import { sopInstanceUidOf } from "./file-meta.ts";

const file = tinyDicom({ study: "1.2", series: "1.2.3", instance: "1.2.3.45" });
const at = new TextDecoder("latin1").decode(file).indexOf("1.2.3.45");

test("finds the UID, padded or not", () => {
  expect(sopInstanceUidOf(file)).toBe("1.2.3.45");
  expect(sopInstanceUidOf(tinyDicom({ study: "1.2", series: "1.2.3", instance: "1.2.3.4" }))).toBe("1.2.3.4");
});

test("finds none in what is no DICOM file or ends before it", () => {
  expect(sopInstanceUidOf(new Uint8Array())).toBeUndefined();
  expect(sopInstanceUidOf(new Uint8Array(500))).toBeUndefined();
  for (let length = 0; length < at + 8; length++)
    expect(sopInstanceUidOf(file.subarray(0, length))).toBeUndefined();
  expect(sopInstanceUidOf(file.subarray(0, at + 12))).toBe("1.2.3.45");
});

test("finds none where its length is absurd or it is no UID", () => {
  const long = file.slice();
  long.set([0xff, 0xff], at - 2);
  expect(sopInstanceUidOf(long)).toBeUndefined();
  const text = file.slice();
  text[at] = 0x41;
  expect(sopInstanceUidOf(text)).toBeUndefined();
});
